import type { Amount } from '../base/amount.ts';
import {
  addTotals,
  ancestorsOf,
  byDepth,
  compareKeys,
  descendantsOf,
  type PoolEntry,
  type Totals,
} from './entry.ts';
import { compareFeeRates, paysRate } from './fee-rate.ts';
import { IndexedHeap } from './indexed-heap.ts';
import type { PoolGraph } from './pool-graph.ts';

/** Entries that go into a block together: one, preceded by what it builds on and is not in the block yet. */
export interface Package {
  /** Parents before children. */
  readonly entries: readonly PoolEntry[];
  readonly totals: Totals;
}

/**
 * The packages of the pool, each time the one that pays most per gas with what is still to be taken for it, as
 * Bitcoin Core's block assembly chose until its cluster mempool. Found as they are asked for, so that a block of k
 * transactions costs O(k log k) and not a walk through the pool. The same pool gives the same order; ties go by txid.
 *
 * @param baseFee - hugs per gas; whoever does not pay it, and what builds on him, is left out
 * @throws AssertionError when the pool changes meanwhile
 */
export function* selectPackages(graph: PoolGraph, baseFee: Amount): Generator<Package, void, undefined> {
  const selection = new Selection(graph);
  for (let best = selection.best(); best !== undefined; best = selection.best()) {
    const totals = selection.totals(best);
    // A whole package below the base fee holds a transaction below it, and so does every later package.
    if (!paysRate(totals, baseFee)) return;
    const entries = selection.missing(best);
    if (entries.every((entry) => paysRate(entry, baseFee))) {
      selection.take(entries);
      yield { entries, totals };
    } else {
      selection.skip(best);
    }
  }
}

/** What has been taken from the pool, and what that leaves of the others' packages. */
class Selection {
  readonly #fresh: Generator<PoolEntry, void, undefined>;
  readonly #taken = new Set<PoolEntry>();
  readonly #skipped = new Set<PoolEntry>();
  /** What is left of the packages of which a part was taken. */
  readonly #left = new Map<PoolEntry, Totals>();
  readonly #changed = new IndexedHeap<PoolEntry>(
    (a, b) => compareFeeRates(this.totals(b), this.totals(a)) || compareKeys(a, b),
  );
  #next: PoolEntry | undefined;

  constructor(graph: PoolGraph) {
    this.#fresh = graph.best.inOrder();
    this.#next = this.#draw();
  }

  /** Sums over an entry and what it builds on, without what was taken. */
  totals(entry: PoolEntry): Totals {
    return this.#left.get(entry) ?? entry.ancestors;
  }

  /** The entry whose package pays most per gas: of those that are as they were, or of those that changed. */
  best(): PoolEntry | undefined {
    while (this.#next !== undefined && this.#isSettled(this.#next)) this.#next = this.#draw();
    const changed = this.#changed.peek();
    if (changed === undefined || this.#next === undefined) return changed ?? this.#next;
    const order =
      compareFeeRates(this.totals(changed), this.#next.ancestors) || compareKeys(this.#next, changed);
    return order > 0 ? changed : this.#next;
  }

  /** The entry, preceded by what it builds on and was not taken. */
  missing(entry: PoolEntry): PoolEntry[] {
    if (entry.parents.length === 0) return [entry];
    return [...ancestorsOf(entry), entry].filter((member) => !this.#taken.has(member)).toSorted(byDepth);
  }

  take(entries: readonly PoolEntry[]): void {
    for (const entry of entries) {
      this.#taken.add(entry);
      if (this.#changed.size > 0 && this.#changed.has(entry)) this.#changed.remove(entry);
    }
    for (const entry of entries) {
      for (const descendant of descendantsOf(entry)) {
        if (!this.#taken.has(descendant)) this.#lessen(descendant, entry);
      }
    }
  }

  /** Does not offer the entry again. */
  skip(entry: PoolEntry): void {
    this.#skipped.add(entry);
    if (this.#changed.has(entry)) this.#changed.remove(entry);
  }

  /** Taken, skipped, or in the other order because its package changed. */
  #isSettled(entry: PoolEntry): boolean {
    if (this.#taken.has(entry)) return true;
    return (
      (this.#skipped.size > 0 && this.#skipped.has(entry)) || (this.#left.size > 0 && this.#left.has(entry))
    );
  }

  #lessen(entry: PoolEntry, taken: PoolEntry): void {
    const offered = this.#changed.has(entry);
    this.#left.set(entry, addTotals(this.totals(entry), taken, -1));
    if (offered) this.#changed.update(entry);
    else this.#changed.add(entry);
  }

  #draw(): PoolEntry | undefined {
    const drawn = this.#fresh.next();
    return drawn.done === true ? undefined : drawn.value;
  }
}
