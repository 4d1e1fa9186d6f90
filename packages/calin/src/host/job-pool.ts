import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Jobs for threads that answer each with one message. */
export interface JobPool<Job> {
  /** The file of a thread. */
  readonly script: URL;
  /** Begun in this order. */
  readonly jobs: readonly Job[];
  /** Threads; one for each core when left out. */
  readonly workers?: number | undefined;
}

/**
 * Runs jobs on several threads.
 *
 * @param progress - told after each job
 * @returns what the threads answered, as it came
 * @throws what a thread threw
 */
export async function runJobs<Job, Answer>(
  { script, jobs, workers = availableParallelism() }: JobPool<Job>,
  progress: (done: number, total: number) => void,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const runOne = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(script);
      const give = (): void => {
        if (next < jobs.length) {
          worker.postMessage(jobs[next]);
          next += 1;
          return;
        }
        resolve();
        void worker.terminate();
      };
      worker.on('message', (answer: Answer) => {
        answers.push(answer);
        progress(answers.length, jobs.length);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, runOne));
  return answers;
}
