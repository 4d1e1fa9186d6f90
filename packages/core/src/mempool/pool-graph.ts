import { assert } from '../base/assert.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { FewMap } from '../base/few-map.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { Transaction } from '../primitives/transaction.ts';
import {
  addTotals,
  ancestorsOf,
  byDepth,
  compareKeys,
  descendantsOf,
  type EntryPlaces,
  outpointKey,
  ownTotals,
  type PoolEntry,
} from './entry.ts';
import { compareFeeRates, type FeeRate } from './fee-rate.ts';
import { IndexedHeap, type Positions } from './indexed-heap.ts';
import { LazyHeap } from './lazy-heap.ts';

/**
 * The entries of the pool with everything that is looked up in them: by txid, by spent coin, by touched storage
 * entry, best to mine, worst to keep, next to expire. Keeps the links and totals right and checks no rule; every
 * index holds entries of the pool only, so the bounds of the pool bound them all.
 */
export class PoolGraph {
  readonly #entries = new FewMap<string, PoolEntry>();
  /** Who spends a coin, by {@link outpointKey}. */
  readonly #spenders = new FewMap<string, PoolEntry>();
  /** Who touches a storage entry, oldest first; each builds on the one before. */
  readonly #touchers = new Map<string, PoolEntry[]>();
  readonly #stateful = new Set<PoolEntry>();
  readonly #conditional = new Set<PoolEntry>();
  /** Best first: by the fee rate of an entry with its ancestors, which must be mined with it. */
  readonly best = new LazyHeap<PoolEntry>(
    () => this.entries(),
    (a, b) => compareFeeRates(b.ancestors, a.ancestors) || compareKeys(a, b),
    positionsIn('best'),
  );
  /** Worst first: by {@link keepRate}. */
  readonly worst = new LazyHeap<PoolEntry>(
    () => this.entries(),
    (a, b) => compareFeeRates(keepRate(a), keepRate(b)) || compareKeys(a, b),
    positionsIn('worst'),
  );
  /** Those that expire at a height, the earliest first. */
  readonly expiring = new IndexedHeap<PoolEntry>(
    (a, b) => a.transaction.expiryHeight - b.transaction.expiryHeight || compareKeys(a, b),
  );
  #bytes = 0;
  #gas = 0;

  get count(): number {
    return this.#entries.size;
  }

  /** Bytes of all encoded transactions. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Gas of all transactions. */
  get gas(): number {
    return this.#gas;
  }

  /** Items in all indexes together: a number that must fall to 0 with the count, or something leaks. */
  get indexed(): number {
    const sets = [this.#entries, this.#spenders, this.#touchers, this.#stateful, this.#conditional];
    const indexes = [...sets, this.best, this.worst, this.expiring];
    return indexes.reduce((total, { size }) => total + size, 0);
  }

  /** All entries, in the order in which they were linked. */
  entries(): Iterable<PoolEntry> {
    return this.#entries.values();
  }

  /** Entries that touch storage, so that they can be refused although their coins are there. */
  stateful(): ReadonlySet<PoolEntry> {
    return this.#stateful;
  }

  /** Entries that depend on the height or the time of their block. */
  conditional(): ReadonlySet<PoolEntry> {
    return this.#conditional;
  }

  /** @param key - see bytesKey in base/bytes-key.ts */
  get(key: string): PoolEntry | undefined {
    return this.#entries.get(key);
  }

  /** The entry that spends a coin. */
  spender(outpoint: Outpoint): PoolEntry | undefined {
    return this.spenderOf(outpointKey(outpoint));
  }

  /** The same by {@link outpointKey}. */
  spenderOf(key: string): PoolEntry | undefined {
    return this.#spenders.get(key);
  }

  /** The entries that touch a storage entry, oldest first. */
  touchers(key: string): readonly PoolEntry[] {
    return this.#touchers.get(key) ?? [];
  }

  /** The entries that a transaction builds on: those that made its coins, and the last that touched its storage. */
  parentsOf(transaction: Transaction, touched: Iterable<string>): PoolEntry[] {
    const parents = new Set<PoolEntry>();
    for (const { txid } of transaction.inputs) {
      const maker = this.#entries.get(bytesKey(txid));
      if (maker !== undefined) parents.add(maker);
    }
    for (const key of touched) {
      const last = this.touchers(key).at(-1);
      if (last !== undefined) parents.add(last);
    }
    return [...parents];
  }

  /**
   * Adds an entry below its parents.
   *
   * @throws AssertionError when it is there, has children, lacks a parent or spends what another one spends
   */
  link(entry: PoolEntry): void {
    assert(entry.children.length === 0, 'an entry is linked after its children');
    const own = ownTotals(entry);
    entry.ancestors = own;
    entry.descendants = own;
    for (const parent of entry.parents) {
      assert(this.#entries.get(parent.key) === parent, 'an entry is linked before its parent');
      parent.children.push(entry);
    }
    for (const ancestor of ancestorsOf(entry)) {
      entry.ancestors = addTotals(entry.ancestors, ancestor);
      ancestor.descendants = addTotals(ancestor.descendants, entry);
      this.worst.update(ancestor);
    }
    this.#index(entry);
  }

  /**
   * Removes an entry that nothing builds on. It keeps its parents, so that it can be linked again.
   *
   * @throws AssertionError when it is not there or has children
   */
  unlink(entry: PoolEntry): void {
    assert(this.#entries.get(entry.key) === entry, 'an entry is unlinked that is not linked');
    assert(entry.children.length === 0, 'an entry is unlinked before its children');
    for (const parent of entry.parents) removeFrom(parent.children, entry);
    for (const ancestor of ancestorsOf(entry)) {
      ancestor.descendants = addTotals(ancestor.descendants, entry, -1);
      this.worst.update(ancestor);
    }
    this.#unindex(entry);
    this.best.remove(entry);
    this.worst.remove(entry);
    this.#rest();
  }

  /**
   * Removes entries that are in a block now, and leaves what builds on them.
   *
   * @param entries - parents before children
   * @throws AssertionError when one builds on another one that stays: that one is in the block too and goes first
   */
  confirm(entries: readonly PoolEntry[]): void {
    for (const entry of entries) {
      assert(entry.parents.length === 0, 'an entry is confirmed before its parents');
      for (const child of entry.children) removeFrom(child.parents, entry);
      for (const descendant of descendantsOf(entry)) {
        descendant.ancestors = addTotals(descendant.ancestors, entry, -1);
        this.best.update(descendant);
      }
      entry.children = [];
      this.#unindex(entry);
    }
    this.best.removeAll(entries);
    this.worst.removeAll(entries);
    this.#rest();
  }

  /** The entries and everything that builds on them, children first: the order in which they can be unlinked. */
  withDescendants(entries: Iterable<PoolEntry>): PoolEntry[] {
    const all = new Set<PoolEntry>();
    for (const entry of entries) {
      all.add(entry);
      for (const descendant of descendantsOf(entry)) all.add(descendant);
    }
    return [...all].toSorted((a, b) => byDepth(b, a));
  }

  #rest(): void {
    this.best.rest();
    this.worst.rest();
  }

  #index(entry: PoolEntry): void {
    const { key, transaction, spent, touched, conditional } = entry;
    // Set first, then counted: a map that is asked twice has to find its place twice.
    const { size } = this.#entries;
    this.#entries.set(key, entry);
    assert(this.#entries.size === size + 1, 'an entry is linked twice');
    this.#bytes += transaction.bytes.length;
    this.#gas += entry.gas;
    for (const outpoint of spent) {
      const before = this.#spenders.size;
      this.#spenders.set(outpoint, entry);
      assert(this.#spenders.size === before + 1, 'two entries spend one coin');
    }
    for (const name of touched) {
      const touchers = this.#touchers.get(name);
      if (touchers === undefined) this.#touchers.set(name, [entry]);
      else touchers.push(entry);
    }
    if (touched.size > 0) this.#stateful.add(entry);
    if (conditional) this.#conditional.add(entry);
    this.best.add(entry);
    this.worst.add(entry);
    if (transaction.expiryHeight !== 0) this.expiring.add(entry);
  }

  /** Takes an entry out of everything but the two orders by fee rate. */
  #unindex(entry: PoolEntry): void {
    const { key, transaction, spent, touched, conditional } = entry;
    this.#entries.delete(key);
    this.#bytes -= transaction.bytes.length;
    this.#gas -= entry.gas;
    for (const outpoint of spent) this.#spenders.delete(outpoint);
    for (const name of touched) {
      const touchers = this.#touchers.get(name) as PoolEntry[];
      removeFrom(touchers, entry);
      if (touchers.length === 0) this.#touchers.delete(name);
    }
    if (touched.size > 0) this.#stateful.delete(entry);
    if (conditional) this.#conditional.delete(entry);
    if (transaction.expiryHeight !== 0) this.expiring.remove(entry);
  }
}

/**
 * What an entry is worth to the pool: its own rate, or that of it with everything that builds on it where this is
 * higher, since a child may pay for its parent (as Bitcoin Core's descendant score).
 */
export function keepRate(entry: PoolEntry): FeeRate {
  return compareFeeRates(entry, entry.descendants) >= 0 ? entry : entry.descendants;
}

/** The positions in one of the heaps, as the entries themselves keep them. */
function positionsIn(heap: keyof EntryPlaces): Positions<PoolEntry> {
  return {
    get: ({ places }) => (places[heap] < 0 ? undefined : places[heap]),
    set: ({ places }, position) => {
      places[heap] = position;
    },
    delete: ({ places }) => {
      places[heap] = -1;
    },
  };
}

function removeFrom(list: PoolEntry[], entry: PoolEntry): void {
  const position = list.indexOf(entry);
  assert(position >= 0, 'a link of the pool is missing on one side');
  list.splice(position, 1);
}
