import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SignatureSpeed } from './signature-loop.ts';

/**
 * Signatures per second that this machine checks on all its cores while it does nothing else: the bound of an import.
 * One worker for each core goes through signatures that are already in its memory.
 *
 * @param durationMs - how long to measure; a second is steady to some 2 % on a machine that is otherwise idle
 */
async function measureSignatureRate(durationMs: number): Promise<SignatureSpeed> {
  const workers = Array.from({ length: availableParallelism() }, () => startWorker(durationMs));
  // All of them have their code and their signatures before the first one starts to count.
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const answers = workers.map(async (worker) => {
    worker.postMessage('go');
    const [speed] = (await once(worker, 'message')) as [SignatureSpeed];
    await worker.terminate();
    return speed;
  });
  const speeds = await Promise.all(answers);
  const perSecond = speeds.reduce((sum, speed) => sum + speed.perSecond, 0);
  return { perSecond, cpuUs: speeds.reduce((sum, speed) => sum + speed.cpuUs, 0) / speeds.length };
}

/** The bound beside a measurement. */
export interface Bounded<T> {
  readonly value: T;
  /** Signatures per second before and after, and their mean: what other work on the machine takes away is in both. */
  readonly before: number;
  readonly after: number;
  readonly mean: number;
  /** How far before and after are apart, as a share of the mean: how much other work there was. */
  readonly drift: number;
  /** The share of the cores that the two measurements had: 1 on a machine that does nothing else. */
  readonly coresFree: number;
  /** Microseconds of processor time of one signature. */
  readonly cpuUs: number;
}

/** Measures the bound, does the work, and measures the bound again. */
export async function betweenBounds<T>(durationMs: number, work: () => Promise<T>): Promise<Bounded<T>> {
  const before = await measureSignatureRate(durationMs);
  const value = await work();
  const after = await measureSignatureRate(durationMs);
  const mean = (before.perSecond + after.perSecond) / 2;
  const cpuUs = (before.cpuUs + after.cpuUs) / 2;
  return {
    value,
    before: before.perSecond,
    after: after.perSecond,
    mean,
    drift: Math.abs(after.perSecond - before.perSecond) / mean,
    coresFree: (mean * cpuUs) / 1e6 / availableParallelism(),
    cpuUs,
  };
}

function startWorker(durationMs: number): Worker {
  return new Worker(new URL('./signature-rate-worker.ts', import.meta.url), { workerData: { durationMs } });
}
