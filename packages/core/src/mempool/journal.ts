import type { PoolEntry } from './entry.ts';
import type { PoolGraph } from './pool-graph.ts';

/**
 * Changes to the pool that can be taken back, so that a transaction that is refused after it has pushed others out
 * leaves no trace. Lives for one call; as long as what the call links and unlinks.
 */
export class Journal {
  readonly #graph: PoolGraph;
  readonly #steps: { readonly linked: boolean; readonly entry: PoolEntry }[] = [];

  constructor(graph: PoolGraph) {
    this.#graph = graph;
  }

  link(entry: PoolEntry): void {
    this.#graph.link(entry);
    this.#steps.push({ linked: true, entry });
  }

  unlink(entry: PoolEntry): void {
    this.#graph.unlink(entry);
    this.#steps.push({ linked: false, entry });
  }

  /** Takes back all changes, the last one first. */
  rollback(): void {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      if (step.linked) this.#graph.unlink(step.entry);
      else this.#graph.link(step.entry);
    }
  }
}
