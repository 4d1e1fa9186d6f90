import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { SeededRandom } from '../base/fuzz.testing.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { applyTransaction } from '../ledger/apply-transaction.ts';
import { draftBlock } from '../ledger/build-block.ts';
import { History } from '../ledger/testing/history.testing.ts';
import { signBlank } from '../ledger/testing/owners.testing.ts';
import { randomTransaction } from '../ledger/testing/random-transaction.testing.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import type { Block } from '../primitives/block.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { Overlay, viewOf } from '../state/view.ts';
import { PACKAGE_BYTES_MAX, PACKAGE_COUNT_MAX } from './limits.ts';
import { Mempool, type MempoolOptions, type PoolInfo } from './mempool.ts';

const hasher = createPlainHasher();

/**
 * A pool on a random chain that is driven by dice: valid, conflicting and chained transactions of every kind, through
 * every lock; packages; blocks of its own and of others; reorganisations; time. After each step everything that the
 * pool promises is checked.
 */
export class RandomPool {
  readonly #random: SeededRandom;
  readonly #options: { readonly countMax: number; readonly bytesMax: number };
  readonly pool: Mempool;
  history: History;
  #nowMs: number;
  /** What happened, for those who want to know that the dice reach everything. */
  readonly counts = { added: 0, refused: 0, replaced: 0, evicted: 0, returned: 0, dropped: 0, mined: 0 };

  constructor(random: SeededRandom, options: MempoolOptions = {}) {
    this.#random = random;
    this.#options = { countMax: options.countMax ?? 14, bytesMax: options.bytesMax ?? 6_000 };
    this.history = new History({ seed: random.u32() });
    const { spec, chainId } = this.history;
    this.pool = new Mempool({ ageMsMax: 60_000, ...this.#options }, { spec, chainId });
    this.#nowMs = spec.genesisTimeMs;
  }

  /** Does one random thing and checks the pool. */
  step(): void {
    const random = this.#random;
    this.#nowMs += random.below(2000);
    const kind = random.below(24);
    if (kind < 18) this.#addOne();
    else if (kind < 20) this.#addPackage();
    else if (kind === 20) this.#block([...this.pool.candidates()]);
    else if (kind === 21) this.#block(this.history.transactions(1 + random.below(4)));
    else if (kind === 22) this.#reorganise();
    else this.counts.dropped += this.pool.expire(this.#nowMs).length;
    this.check();
  }

  #addOne(): void {
    const tx = this.#transaction(this.#random.oneIn(2));
    if (tx === undefined) return;
    this.#count(this.pool.add(tx, viewOf(this.history.state), this.history.env, this.#nowMs));
  }

  #addPackage(): void {
    const parent = this.#transaction(this.#random.oneIn(3));
    const txs = [parent, parent === undefined ? undefined : this.#transaction(false, parent)];
    const made = txs.filter((tx) => tx !== undefined);
    this.#count(this.pool.addPackage(made, viewOf(this.history.state), this.history.env, this.#nowMs));
  }

  #count(added: ReturnType<Mempool['add']>): void {
    if (!added.ok) {
      this.counts.refused++;
      return;
    }
    this.counts.added++;
    this.counts.replaced += added.value.replaced.length;
    this.counts.evicted += added.value.evicted.length;
  }

  /** Valid after the pool and `last`, or, where it may contradict the pool, just on the state. */
  #transaction(contradicts: boolean, last?: Transaction): Transaction | undefined {
    const { history } = this;
    const overlay = new Overlay(viewOf(history.state));
    const before = contradicts ? [] : [...this.pool.candidates()];
    if (last !== undefined) before.push(last);
    const made: Transaction[] = [];
    for (const tx of before) {
      const applied = applyTransaction(history.spec, overlay, tx, history.env, SIGNATURES_CHECKED);
      if (applied.ok) made.push(tx);
    }
    const { spec, owners, state } = history;
    // Pays as if the base fee were higher, so that rates differ and some are enough to replace others.
    const env = { ...history.env, baseFee: amount(history.env.baseFee * (1 + this.#random.below(6))) };
    const source = { random: this.#random, spec, env, owners, signer: signBlank, state, made, overlay };
    return randomTransaction(source);
  }

  #block(txs: readonly Transaction[]): void {
    const { block } = this.history.add(txs);
    this.counts.mined += block.transactions.length - 1;
    this.#moved([], [block]);
  }

  #reorganise(): void {
    const { blocks } = this.history;
    const depth = Math.min(blocks.length, 1 + this.#random.below(3));
    const kept = blocks.length - depth;
    const removed = blocks.slice(kept).flatMap(({ block }) => block.transactions);
    this.history = this.history.fork(kept, this.#random.u32());
    const added: Block[] = [];
    for (let i = this.#random.below(depth + 2); i > 0; i--) {
      const own = removed.filter((tx) => tx.inputs.length > 0 && this.#random.oneIn(2));
      const txs = this.#random.oneIn(2) ? own : this.history.transactions(3);
      added.push(this.history.add(txs).block);
    }
    this.#moved(removed, added);
  }

  #moved(removed: readonly Transaction[], blocks: readonly Block[]): void {
    const { env, state } = this.history;
    const added = blocks.map((block) => (this.#random.oneIn(2) ? this.#scanned(block) : block));
    const { returned, dropped } = this.pool.headMoved({ removed, added }, viewOf(state), env, this.#nowMs);
    this.counts.returned += returned.length;
    this.counts.dropped += dropped.length;
  }

  /** The block in its flat form. */
  #scanned({ bytes }: Block): Block {
    const scanned = scanBlock(bytes, this.history.chainId, hasher);
    assert(scanned.ok, 'a block of the history');
    return scanned.value;
  }

  /** @throws AssertionError when the pool breaks a promise */
  check(): void {
    const txs = [...this.pool.transactions()];
    const infos = new Map(txs.map((tx) => [toHex(tx.txid), this.pool.info(tx.txid) as PoolInfo]));
    const { count, bytes } = this.pool.stats();
    assert(count === txs.length && count === infos.size, 'the count is right');
    assert(bytes === txs.reduce((sum, tx) => sum + tx.bytes.length, 0), 'the bytes are right');
    assert(count <= this.#options.countMax && bytes <= this.#options.bytesMax, 'the pool is bounded');
    checkSpenders(this.pool, txs);
    checkTotals(infos);
    this.#checkBlock(infos, [...this.pool.forBlock()]);
    this.#checkBlock(infos, [...this.pool.candidates()]);
  }

  /** The candidates make a block that the ledger takes whole, parents first, and leave out only who pays too little. */
  #checkBlock(infos: ReadonlyMap<string, PoolInfo>, candidates: readonly Transaction[]): void {
    const { spec, state, head, env } = this.history;
    const limits = { ...spec.limits, blockBytesMax: 10_000_000, blockGasMax: 10_000_000 };
    const draft = draftBlock({ ...spec, limits }, state, head.header, env, candidates, env.producer);
    const [refused] = draft.refused;
    assert(refused === undefined, `a candidate is refused: ${JSON.stringify(refused?.refusal)}`);
    assert(draft.transactions.length === candidates.length + 1, 'every candidate fits');
    const offered = new Set(candidates.map(({ txid }) => toHex(txid)));
    for (const [txid, { fee, gas, parents }] of infos) {
      const waits = fee < gas * env.baseFee || parents.some((parent) => !offered.has(toHex(parent)));
      assert(offered.has(txid) !== waits, 'a transaction is a candidate unless it or its parent waits');
    }
  }
}

function checkSpenders(pool: Mempool, txs: readonly Transaction[]): void {
  const spent = new Set<string>();
  for (const tx of txs) {
    for (const outpoint of tx.inputs) {
      const name = `${toHex(outpoint.txid)}:${outpoint.index}`;
      assert(!spent.has(name), 'two transactions of the pool spend one coin');
      spent.add(name);
      assert(pool.spends(outpoint) === tx, 'the spender of a coin is found');
    }
  }
}

/** Compares the sums that the pool keeps with sums over the links. */
function checkTotals(infos: ReadonlyMap<string, PoolInfo>): void {
  const names = (hashes: readonly Uint8Array[]) => hashes.map((hash) => toHex(hash));
  const ancestors = new Map<string, Set<string>>();
  for (const [txid, { transaction, parents }] of infos) {
    const found = new Set([txid]);
    for (const name of found) {
      const info = infos.get(name);
      assert(info !== undefined, 'a parent is in the pool');
      for (const parent of names(info.parents)) found.add(parent);
    }
    ancestors.set(txid, found);
    for (const input of transaction.inputs) {
      const isPooled = infos.has(toHex(input.txid));
      assert(!isPooled || parents.some((parent) => equalBytes(parent, input.txid)), 'a spent coin is a link');
    }
  }
  for (const [txid, info] of infos) {
    const above = [...(ancestors.get(txid) as Set<string>)];
    const below = [...infos.keys()].filter((other) => ancestors.get(other)?.has(txid));
    for (const [kept, members] of [
      [info.ancestors, above],
      [info.descendants, below],
    ] as const) {
      const sum = (part: (member: PoolInfo) => number) =>
        members.reduce((total, name) => total + part(infos.get(name) as PoolInfo), 0);
      assert(kept.count === members.length && kept.fee === sum(({ fee }) => fee), 'count and fee of a chain');
      assert(kept.gas === sum(({ gas }) => gas), 'gas of a chain');
      assert(kept.bytes === sum(({ transaction }) => transaction.bytes.length), 'bytes of a chain');
      assert(kept.count <= PACKAGE_COUNT_MAX, 'a chain is not too long');
      assert(kept.count === 1 || kept.bytes <= PACKAGE_BYTES_MAX, 'a chain is not too large');
    }
  }
}
