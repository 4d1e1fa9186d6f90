import type { ComparedJob, ComparedRun } from '@calin/sim/compare/compared-run.ts';
import {
  type Comparison,
  type ComparisonOptions,
  comparedJobs,
  putTogether,
} from '@calin/sim/compare/comparison.ts';
import { runJobs } from './job-pool.ts';

/**
 * Runs the same chain, workload and faults under several ways to agree, on several threads.
 *
 * @param workers - threads; one for each core when left out
 * @param progress - told after each run
 * @throws what a simulated node threw, which is a bug of the node
 */
export async function compareConsensus(
  options: ComparisonOptions,
  workers: number | undefined,
  progress: (done: number, total: number) => void,
): Promise<Comparison> {
  const script = new URL('./compare-worker.ts', import.meta.url);
  const jobs = comparedJobs(options);
  return putTogether(options, await runJobs<ComparedJob, ComparedRun>({ script, jobs, workers }, progress));
}
