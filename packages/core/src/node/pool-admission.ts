import type { Result } from '../base/result.ts';
import type { Chain } from '../chain/chain.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import { TransferQuotes } from '../ledger/transfer-quotes.ts';
import type { Mempool } from '../mempool/mempool.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { viewOf } from '../state/view.ts';
import { admitTogether } from './admit-together.ts';
import { type CheckedTransactions, LEAF_BYTES } from './checked-transactions.ts';
import type { PooledTransactions } from './events.ts';
import type { FlatSource } from './intake.ts';
import type { Outbox } from './outbox.ts';
import { encodePool, parsePool } from './saved-pool.ts';

/** Transactions whose leaves are hashed as one batch: as many of the largest as a hasher takes at a time. */
const HASHED_TOGETHER = 64;

/** What the way into the pool needs of the node. */
export interface PoolAdmissionDependencies {
  readonly spec: ChainSpec;
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly store: ReadStore;
  readonly outbox: Outbox;
  readonly checked: CheckedTransactions;
  /** What the next block will be told. */
  nextEnvironment(): BlockEnvironment;
  nowMs(): number;
  /** Told of what is new in the pool, before subscribers are; `request` as {@link PoolAdmission.admit} was given it. */
  added(added: PooledTransactions, request: number | undefined): void;
}

/** The last part of the way into the pool, and the pool's way to the disk and back. */
export class PoolAdmission {
  readonly #deps: PoolAdmissionDependencies;

  constructor(dependencies: PoolAdmissionDependencies) {
    this.#deps = dependencies;
  }

  /**
   * Takes transactions whose signatures are good into the pool; `request` is undefined for those saved there.
   *
   * @param source - where they were read together: it spares looking coins up and hashing leaves one by one
   */
  admit(
    transactions: readonly Transaction[],
    request?: number,
    source?: FlatSource,
  ): readonly Result<unknown>[] {
    const { spec, chain, mempool, outbox } = this.#deps;
    const env = this.#deps.nextEnvironment();
    const nowMs = this.#deps.nowMs();
    const view = viewOf(chain.state);
    const quotes = source && TransferQuotes.open(spec, chain.state, env, source.flat);
    const verdicts = admitTogether(transactions, {
      add: (transaction, i) =>
        mempool.add(transaction, view, env, nowMs, quotes?.quote(source?.positions[i] as number)),
      addPackage: (together) => mempool.addPackage(together, view, env, nowMs),
    });
    const added = transactions.filter((_, i) => verdicts[i]?.ok === true);
    if (added.length === 0) return verdicts;
    const leaves = source === undefined ? this.#hashLeaves(added) : leavesOf(source, verdicts, added.length);
    this.#note(leaves);
    this.#deps.added({ transactions: added, leaves }, request);
    for (const transaction of added) {
      outbox.afterCommits({ type: 'notify', notification: { kind: 'transaction', transaction } });
    }
    return verdicts;
  }

  /** Notes that the signatures of these have been checked: a block that brings one need not wait for them. */
  remember(transactions: readonly Transaction[]): void {
    this.#note(this.#hashLeaves(transactions));
  }

  #note(leaves: Uint8Array): void {
    for (let at = 0; at < leaves.length; at += LEAF_BYTES) this.#deps.checked.add(leaves, at);
  }

  #hashLeaves(transactions: readonly Transaction[]): Uint8Array {
    const leaves = new Uint8Array(LEAF_BYTES * transactions.length);
    for (let start = 0; start < transactions.length; start += HASHED_TOGETHER) {
      const together = transactions.slice(start, start + HASHED_TOGETHER);
      leaves.set(this.#deps.chain.transactionLeaves(together), LEAF_BYTES * start);
    }
    return leaves;
  }

  /** Takes back what waited at the last clean stop. */
  restore(): void {
    const { chain, outbox, store } = this.#deps;
    const saved = store.get(chain.layout.pool);
    if (saved === undefined) return;
    const parsed = parsePool(saved, chain.chainId);
    if (!parsed.ok) {
      return outbox.log('warn', 'mempool', 'the saved pool cannot be read', { rule: parsed.error.rule });
    }
    let restored = 0;
    for (const verdict of this.admit(parsed.value)) if (verdict.ok) restored += 1;
    outbox.log('info', 'mempool', 'pool restored', { saved: parsed.value.length, restored });
  }

  /** Writes what waits, for the next start. */
  save(): void {
    const { chain, mempool, outbox } = this.#deps;
    const pool = encodePool(mempool.transactions());
    outbox.commit({ puts: [[chain.layout.pool, pool]], deletes: [] });
  }
}

/** The leaves of those that were taken, of transactions whose leaves are known. */
function leavesOf(
  { flat, positions }: FlatSource,
  verdicts: readonly Result<unknown>[],
  taken: number,
): Uint8Array {
  if (taken === flat.count) return flat.leaves;
  const leaves = new Uint8Array(LEAF_BYTES * taken);
  let offset = 0;
  positions.forEach((position, i) => {
    if (verdicts[i]?.ok !== true) return;
    leaves.set(flat.leaves.subarray(LEAF_BYTES * position, LEAF_BYTES * (position + 1)), offset);
    offset += LEAF_BYTES;
  });
  return leaves;
}
