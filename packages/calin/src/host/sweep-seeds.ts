import type { SweptSeed } from '@calin/sim/sweep.ts';
import { runJobs } from './job-pool.ts';
import type { SweepWork, TimedSeed } from './sweep-worker.ts';

/** A scenario with seeds from `first` to `last`. */
export interface SweepSeedsOptions extends Omit<SweepWork, 'seed'> {
  readonly first: number;
  readonly last: number;
  /** Threads; one for each core when left out. */
  readonly workers?: number | undefined;
}

/** What a sweep gave, and which of its seeds took longest. */
export interface FinishedSweep {
  /** In the order of the seeds. */
  readonly swept: readonly SweptSeed[];
  /** The slowest seeds, the slowest first, with their processor time in milliseconds. */
  readonly slowest: readonly { readonly seed: number; readonly cpuMs: number }[];
}

/** So many of the slowest seeds are named. */
const SLOWEST_MAX = 5;

/**
 * Runs a scenario with many seeds, on several threads.
 *
 * @param progress - told after each seed
 */
export async function sweepSeeds(
  { first, last, workers, ...work }: SweepSeedsOptions,
  progress: (done: number, total: number) => void,
): Promise<FinishedSweep> {
  const script = new URL('./sweep-worker.ts', import.meta.url);
  const jobs = Array.from({ length: last - first + 1 }, (_, i) => ({ ...work, seed: first + i }));
  const done = await runJobs<SweepWork, TimedSeed>({ script, jobs, workers }, progress);
  const slowest = done.map(({ swept, cpuMs }) => ({ seed: swept.seed, cpuMs }));
  return {
    swept: done.map(({ swept }) => swept).toSorted((a, b) => a.seed - b.seed),
    slowest: slowest.toSorted((a, b) => b.cpuMs - a.cpuMs || a.seed - b.seed).slice(0, SLOWEST_MAX),
  };
}
