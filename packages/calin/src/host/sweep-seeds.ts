import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SweptSeed } from '@calin/sim/sweep.ts';
import type { SweepWork } from './sweep-worker.ts';

/** A scenario with seeds from `first` to `last`. */
export interface SweepSeedsOptions extends Omit<SweepWork, 'seed'> {
  readonly first: number;
  readonly last: number;
  /** Threads; one for each core when left out. */
  readonly workers?: number | undefined;
}

/**
 * Runs a scenario with many seeds, on several threads.
 *
 * @param progress - told after each seed
 * @returns the seeds in order
 */
export async function sweepSeeds(
  { first, last, workers = availableParallelism(), ...work }: SweepSeedsOptions,
  progress: (done: number, total: number) => void,
): Promise<readonly SweptSeed[]> {
  const total = last - first + 1;
  const swept: SweptSeed[] = [];
  let next = first;
  const runOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./sweep-worker.ts', import.meta.url));
      const give = (): void => {
        if (next > last) {
          resolve();
          void worker.terminate();
          return;
        }
        worker.postMessage({ ...work, seed: next } satisfies SweepWork);
        next += 1;
      };
      worker.on('message', (result: SweptSeed) => {
        swept.push(result);
        progress(swept.length, total);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(workers, total) }, runOne));
  return swept.toSorted((a, b) => a.seed - b.seed);
}
