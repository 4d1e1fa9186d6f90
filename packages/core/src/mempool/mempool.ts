import type { Amount } from '../base/amount.ts';
import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { OK, ok, type Result } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import type { TransferTerms } from '../ledger/transfer-terms.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { StateView } from '../state/view.ts';
import { type Admission, type Admitted, admit } from './admission.ts';
import type { PoolEntry, Totals } from './entry.ts';
import { estimateFees } from './fee-estimate.ts';
import { ceilRate, paysRate } from './fee-rate.ts';
import { drop, type HeadMove, moveHead, type PoolMove } from './head-move.ts';
import { Journal } from './journal.ts';
import {
  ESTIMATE_BLOCKS_MAX,
  ESTIMATE_REUSE_SHARE,
  MEMPOOL_AGE_MS_MAX,
  MEMPOOL_BYTES_MAX,
  MEMPOOL_COUNT_MAX,
  ROOMY_SHARE,
} from './limits.ts';
import { checkPackagePaid, checkPackageShape } from './package-admission.ts';
import { selectPackages } from './packages.ts';
import { keepRate, PoolGraph } from './pool-graph.ts';
import { relayIncrement } from './replacement.ts';
import { RollingMinimum } from './rolling-minimum.ts';
import { refuseMempool } from './rules.ts';

/** How much the pool holds; see limits.ts for what is left out. */
export interface MempoolOptions {
  /** Bytes of all encoded transactions. */
  readonly bytesMax?: number;
  readonly countMax?: number;
  /** Milliseconds after which {@link Mempool.expire} removes a transaction. */
  readonly ageMsMax?: number;
}

/** What the pool belongs to. */
export interface MempoolDependencies {
  readonly spec: ChainSpec;
  readonly chainId: Hash;
}

/** What an added transaction pushed out. */
export interface Added {
  /** Spent the same coins and paid less, with all that built on them. */
  readonly replaced: readonly Transaction[];
  /** Had to leave for lack of room: those that pay least. */
  readonly evicted: readonly Transaction[];
}

const ALL_STAY: Result<Added> = ok({ replaced: [], evicted: [] });

/** One transaction of the pool with what is known about it. */
export interface PoolInfo {
  readonly transaction: Transaction;
  readonly fee: Amount;
  readonly gas: number;
  readonly receivedMs: number;
  /** Sums over it and all it builds on in the pool: what decides when it is mined. */
  readonly ancestors: Totals;
  /** Sums over it and all that builds on it in the pool. */
  readonly descendants: Totals;
  /** The txids of the transactions that must be mined before it, directly. */
  readonly parents: readonly Hash[];
}

/** How full the pool is. */
export interface MempoolStats {
  readonly count: number;
  readonly bytes: number;
  readonly bytesMax: number;
  /** Hugs per gas below which nothing is admitted at present. */
  readonly feePerGasMin: Amount;
  /** Items in all indexes: at most a few for each input of a transaction, and 0 when the pool is empty. */
  readonly indexed: number;
}

/** What to pay for being in a block soon. */
export interface FeeEstimate {
  readonly targetBlocks: number;
  /** Hugs per gas, the base fee included. */
  readonly feePerGas: Amount;
}

/**
 * The transactions that wait for a block: valid together on top of the head, bounded, ordered by what they pay. It
 * knows no chain, clock or disk: it is told the state, the environment of the next block and the time. The same
 * calls give the same pool.
 *
 * @see docs/reference/mempool.md
 */
export class Mempool {
  readonly #spec: ChainSpec;
  readonly #chainId: Hash;
  readonly #bytesMax: number;
  readonly #countMax: number;
  readonly #ageMsMax: number;
  readonly #graph = new PoolGraph();
  readonly #minimum = new RollingMinimum();
  /** The latest time it was told. */
  #nowMs = 0;
  /** Of the next block; the pool was checked for one at least as high and as late. */
  #env: BlockEnvironment | undefined;
  #estimates: readonly Amount[] | undefined;
  #addedSinceEstimate = 0;

  constructor(
    {
      bytesMax = MEMPOOL_BYTES_MAX,
      countMax = MEMPOOL_COUNT_MAX,
      ageMsMax = MEMPOOL_AGE_MS_MAX,
    }: MempoolOptions,
    { spec, chainId }: MempoolDependencies,
  ) {
    this.#spec = spec;
    this.#chainId = chainId;
    this.#bytesMax = bytesMax;
    this.#countMax = countMax;
    this.#ageMsMax = ageMsMax;
  }

  /** Transactions in the pool. */
  get size(): number {
    return this.#graph.count;
  }

  /** Bytes of all encoded transactions in the pool. */
  get bytes(): number {
    return this.#graph.bytes;
  }

  /** All transactions, also those that wait for a lower base fee; parents before children. */
  *transactions(): Generator<Transaction, void, undefined> {
    for (const { transaction } of this.#graph.entries()) yield transaction;
  }

  has(txid: Hash): boolean {
    return this.#graph.get(bytesKey(txid)) !== undefined;
  }

  get(txid: Hash): Transaction | undefined {
    return this.#graph.get(bytesKey(txid))?.transaction;
  }

  /** The transaction with its fee and its place among the others. */
  info(txid: Hash): PoolInfo | undefined {
    const entry = this.#graph.get(bytesKey(txid));
    if (entry === undefined) return undefined;
    const { transaction, fee, gas, receivedMs, ancestors, descendants } = entry;
    const parents = entry.parents.map((parent) => parent.transaction.txid);
    return { transaction, fee, gas, receivedMs, ancestors, descendants, parents };
  }

  /** The transaction that spends a coin. */
  spends(outpoint: Outpoint): Transaction | undefined {
    return this.#graph.spender(outpoint)?.transaction;
  }

  /** Refuses by `mempool/known` what the pool holds: asked before signatures are checked. */
  checkUnknown(txid: Hash): Result<undefined> {
    return this.has(txid) ? refuseMempool('mempool/known', { txid: toHex(txid) }) : OK;
  }

  stats(): MempoolStats {
    const { size: count, bytes } = this;
    const { indexed } = this.#graph;
    return { count, bytes, bytesMax: this.#bytesMax, feePerGasMin: this.#feePerGasMin(), indexed };
  }

  /**
   * Takes a transaction whose signatures have been checked. On refusal nothing has changed, except that the pool's
   * minimum rises when there was no room.
   *
   * @param view - the state after the head
   * @param env - of the next block; its time must not be before the head's
   * @param terms - what a plain transfer pays, where that is known for the same state and environment
   */
  add(
    tx: Transaction,
    view: StateView,
    env: BlockEnvironment,
    nowMs: number,
    terms?: TransferTerms,
  ): Result<Added> {
    const admission = this.#admission(view, env, nowMs);
    const journal = new Journal(this.#graph);
    const admitted = admit(admission, tx, journal, this.#feePerGasMin(), terms);
    return this.#settle(journal, admitted.ok ? ok([admitted.value]) : admitted);
  }

  /**
   * Takes a transaction together with ones it builds on, which may each pay less than the pool's minimum if all pay
   * it together: so a child can pay for its parent although the pool is full. All or none.
   *
   * @param txs - parents first; the last one depends on all others; those that are in the pool already are skipped
   */
  addPackage(
    txs: readonly Transaction[],
    view: StateView,
    env: BlockEnvironment,
    nowMs: number,
  ): Result<Added> {
    const shape = checkPackageShape(txs);
    if (!shape.ok) return shape;
    const admission = this.#admission(view, env, nowMs);
    const journal = new Journal(this.#graph);
    return this.#settle(journal, this.#admitAll(txs, admission, journal));
  }

  #admitAll(
    txs: readonly Transaction[],
    admission: Admission,
    journal: Journal,
  ): Result<readonly Admitted[]> {
    const all: Admitted[] = [];
    for (const tx of txs) {
      if (this.has(tx.txid) && tx !== txs.at(-1)) continue;
      const admitted = admit(admission, tx, journal, admission.env.baseFee);
      if (!admitted.ok) return admitted;
      all.push(admitted.value);
    }
    const entries = all.map(({ entry }) => entry);
    const paid = checkPackagePaid(entries, this.#feePerGasMin());
    return paid.ok ? ok(all) : paid;
  }

  /**
   * Follows the head of the chain: what is in a block leaves, with everything that contradicts it; what is no longer
   * in a block comes back where it still holds.
   *
   * @param view - the state after the new head
   * @param env - of the block after the new head
   */
  headMoved(move: HeadMove, view: StateView, env: BlockEnvironment, nowMs: number): PoolMove {
    const before = this.#env;
    const earlier = before !== undefined && (env.height < before.height || env.timeMs < before.timeMs);
    this.#env = undefined;
    const admission = this.#admission(view, env, nowMs);
    this.#estimates = undefined;
    const { returned, dropped } = moveHead(admission, move, earlier);
    const trimmed = this.#trim(new Journal(this.#graph));
    return { returned, dropped: [...dropped, ...trimmed.map(({ transaction }) => transaction)] };
  }

  /** Removes what has waited too long, with all that builds on it, and returns it. Linear in the pool. */
  expire(nowMs: number): readonly Transaction[] {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const oldest = this.#nowMs - this.#ageMsMax;
    const old = [...this.#graph.entries()].filter(({ receivedMs }) => receivedMs < oldest);
    if (old.length > 0) this.#estimates = undefined;
    return drop(this.#graph, old).map(({ transaction }) => transaction);
  }

  /**
   * What to put into the next block: the package that pays most per gas first, parents before children. Found while
   * it is read; the pool must not change meanwhile.
   */
  *candidates(): Generator<Transaction, void, undefined> {
    const baseFee = this.#env?.baseFee ?? amount(0);
    for (const { entries } of selectPackages(this.#graph, baseFee)) {
      for (const { transaction } of entries) yield transaction;
    }
  }

  /**
   * The same for a producer: everything that pays the base fee in the order of its arrival, parents before children,
   * while all that waits goes into one block anyway; the candidates, best first, when there is more.
   */
  forBlock(): Iterable<Transaction> {
    const { blockBytesMax, blockGasMax } = this.#spec.limits;
    const { bytes, gas } = this.#graph;
    const isRoomy = bytes * ROOMY_SHARE <= blockBytesMax && gas * ROOMY_SHARE <= blockGasMax;
    return isRoomy ? this.#paying() : this.candidates();
  }

  #paying(): readonly Transaction[] {
    const baseFee = this.#env?.baseFee ?? amount(0);
    const paying: Transaction[] = [];
    const left = new Set<PoolEntry>();
    for (const entry of this.#graph.entries()) {
      const waits = left.size > 0 && entry.parents.some((parent) => left.has(parent));
      if (!waits && paysRate(entry, baseFee)) paying.push(entry.transaction);
      else left.add(entry);
    }
    return paying;
  }

  /**
   * What to pay to be in one of the next blocks, judged by what waits now.
   *
   * @param options.targetBlocks - at least 1; above {@link ESTIMATE_BLOCKS_MAX} it counts as that
   */
  estimateFee({ targetBlocks }: { readonly targetBlocks: number }): FeeEstimate {
    assert(Number.isSafeInteger(targetBlocks) && targetBlocks >= 1, `no estimate for ${targetBlocks} blocks`);
    const target = Math.min(targetBlocks, ESTIMATE_BLOCKS_MAX);
    const feePerGas = Math.max(this.#allEstimates()[target - 1] as Amount, this.#feePerGasMin()) as Amount;
    return { targetBlocks: target, feePerGas };
  }

  #allEstimates(): readonly Amount[] {
    const stale = this.#addedSinceEstimate > this.size / ESTIMATE_REUSE_SHARE;
    if (this.#estimates === undefined || stale) {
      const { baseFee, height } = this.#env ?? { baseFee: this.#spec.fees.baseFeeInitial, height: 1 };
      const packages = selectPackages(this.#graph, baseFee);
      this.#estimates = estimateFees(this.#spec, { baseFee, height }, packages);
      this.#addedSinceEstimate = 0;
    }
    return this.#estimates;
  }

  /** Notes what it was told, and gathers what a check needs. */
  #admission(view: StateView, env: BlockEnvironment, nowMs: number): Admission {
    assert(equalBytes(env.chainId, this.#chainId), 'the environment of another chain');
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const latest = this.#env;
    const isLater = latest === undefined || env.height > latest.height || env.timeMs >= latest.timeMs;
    if (isLater) this.#env = env;
    return { spec: this.#spec, graph: this.#graph, view, env, nowMs: this.#nowMs };
  }

  /** Makes room for what an attempt has admitted, or takes everything back. */
  #settle(journal: Journal, admitted: Result<readonly Admitted[]>): Result<Added> {
    if (!admitted.ok) {
      journal.rollback();
      return admitted;
    }
    const evicted = this.#trim(journal);
    const isLost = ({ entry }: Admitted) => this.#graph.get(entry.key) !== entry;
    const lost = evicted.length === 0 ? undefined : admitted.value.find(isLost);
    if (lost !== undefined) {
      journal.rollback();
      const rate = ceilRate(keepRate(lost.entry));
      return refuseMempool('mempool/full', { got: rate, expected: this.#feePerGasMin() });
    }
    this.#addedSinceEstimate += admitted.value.length;
    if (evicted.length === 0 && admitted.value.every(({ replaced }) => replaced.length === 0))
      return ALL_STAY;
    return ok({
      replaced: admitted.value.flatMap(({ replaced }) => replaced),
      evicted: evicted.map(({ transaction }) => transaction),
    });
  }

  /** Unlinks what is worth least until the pool fits, and lifts the minimum above it. */
  #trim(journal: Journal): PoolEntry[] {
    const graph = this.#graph;
    const evicted: PoolEntry[] = [];
    while (graph.bytes > this.#bytesMax || graph.count > this.#countMax) {
      const worst = graph.worst.peek();
      assert(worst !== undefined, 'an empty pool is too large');
      this.#minimum.raise(ceilRate(keepRate(worst)) + relayIncrement(this.#spec), this.#nowMs);
      for (const entry of graph.withDescendants([worst])) {
        journal.unlink(entry);
        evicted.push(entry);
      }
    }
    return evicted;
  }

  /** The base fee, or more while the pool is so full that less would soon be evicted. */
  #feePerGasMin(): Amount {
    const baseFee = this.#env?.baseFee ?? this.#spec.fees.baseFeeMin;
    const { size, bytes } = this;
    const isRoomy = 2 * bytes < this.#bytesMax && 2 * size < this.#countMax;
    return isRoomy ? baseFee : (Math.max(baseFee, this.#minimum.at(this.#nowMs)) as Amount);
  }
}
