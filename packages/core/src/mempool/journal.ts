import type { PoolEntry } from './entry.ts';
import type { PoolGraph } from './pool-graph.ts';

interface Step {
  readonly linked: boolean;
  readonly entry: PoolEntry;
}

/**
 * Changes to the pool that can be taken back, so that a transaction that is refused after it has pushed others out
 * leaves no trace. Lives for one call; as long as what the call links and unlinks.
 */
export class Journal {
  readonly #graph: PoolGraph;
  #steps: Step[] | undefined;

  constructor(graph: PoolGraph) {
    this.#graph = graph;
  }

  link(entry: PoolEntry): void {
    this.#graph.link(entry);
    this.#note({ linked: true, entry });
  }

  unlink(entry: PoolEntry): void {
    this.#graph.unlink(entry);
    this.#note({ linked: false, entry });
  }

  /** Takes back all changes, the last one first. */
  rollback(): void {
    const steps = this.#steps ?? [];
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      if (step.linked) this.#graph.unlink(step.entry);
      else this.#graph.link(step.entry);
    }
  }

  /** Nearly all journals have one step, for which an array that was to grow would hold seventeen. */
  #note(step: Step): void {
    if (this.#steps === undefined) this.#steps = [step];
    else this.#steps.push(step);
  }
}
