import { percentile } from '../measures.ts';

/** Times in milliseconds. */
export interface TimesMs {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What is measured in a run. */
export class StudyMeasures {
  readonly #answersUs: number[] = [];
  readonly #changesUs: number[] = [];
  #suspectedUs: number | undefined;
  #decided = 0;
  #executed = 0;

  /** Entries of the log. */
  get entries(): number {
    return this.#decided;
  }

  /** Those of them that were requests, each counted once. */
  get decisions(): number {
    return this.#executed;
  }

  /** How long clients waited for their answers. */
  get answers(): TimesMs {
    return timesOf(this.#answersUs);
  }

  /** From the first wish for another leader to the next honest one. */
  get changes(): TimesMs {
    return timesOf(this.#changesUs);
  }

  /** An entry was decided by the first honest machine. */
  decided(executed: boolean): void {
    this.#decided += 1;
    if (executed) this.#executed += 1;
  }

  answered(tookUs: number): void {
    this.#answersUs.push(tookUs);
  }

  suspected(nowUs: number): void {
    this.#suspectedUs ??= nowUs;
  }

  led(nowUs: number): void {
    if (this.#suspectedUs !== undefined) this.#changesUs.push(nowUs - this.#suspectedUs);
    this.#suspectedUs = undefined;
  }
}

function timesOf(us: readonly number[]): TimesMs {
  const sorted = us.toSorted((a, b) => a - b);
  const at = (percent: number) => percentile(sorted, percent) / 1000;
  return { count: us.length, p50Ms: at(50), p99Ms: at(99), maxMs: (sorted.at(-1) ?? 0) / 1000 };
}
