import { Budgets } from './budgets.ts';
import { BUDGETS_KEPT_MAX, BUDGETS_KEPT_MS } from './limits.ts';

interface Left {
  readonly budgets: Budgets;
  readonly atMs: number;
}

/**
 * What peers that have left had still to spend. A peer that ends its link and comes back, be it under a new id from the
 * same machine, goes on with that: otherwise each new link would bring all budgets full.
 */
export class LeftBudgets {
  /** The order of a map is that of insertion: the first left first. */
  readonly #left = new Map<string, Left>();

  /** Names under which something is kept. */
  get size(): number {
    return this.#left.size;
  }

  /** Keeps the budgets of a peer that leaves under its names, see {@link namesOf}. */
  keep(names: readonly string[], budgets: Budgets, nowMs: number): void {
    for (const name of names) {
      this.#left.delete(name);
      this.#left.set(name, { budgets, atMs: nowMs });
    }
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= BUDGETS_KEPT_MAX) break;
      this.#left.delete(oldest);
    }
  }

  /** Takes out the budgets of a peer that comes: what was kept under the first of its names, or full ones. */
  take(names: readonly string[], nowMs: number): Budgets {
    for (const name of names) {
      const found = this.#left.get(name);
      if (found === undefined) continue;
      this.#left.delete(name);
      // A clock that was set back fills nothing.
      if (nowMs - found.atMs < BUDGETS_KEPT_MS) return found.budgets;
    }
    return new Budgets();
  }
}
