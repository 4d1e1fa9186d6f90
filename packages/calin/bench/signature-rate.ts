import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SignatureCheck } from '@calin/core/crypto/signature.ts';
import { measureRate } from './signature-loop.ts';

/** Signatures per second that this machine can check while it does nothing else: the bound of an import. */
export interface SignatureRate {
  readonly oneCore: number;
  readonly allCores: number;
  readonly cores: number;
}

/**
 * Measures the raw rate on one core, then on all of them, one worker each.
 *
 * @param checks - valid signatures; checked over and over
 * @param durationMs - of each of the two measurements
 */
export async function measureSignatureRate(
  checks: readonly SignatureCheck[],
  durationMs: number,
): Promise<SignatureRate> {
  const oneCore = measureRate(checks, durationMs);
  const cores = availableParallelism();
  const workers = Array.from({ length: cores }, () => startWorker(checks, durationMs));
  // All of them have their code and their signatures before the first one starts to count.
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const answers = workers.map(async (worker) => {
    worker.postMessage('go');
    const [rate] = (await once(worker, 'message')) as [number];
    await worker.terminate();
    return rate;
  });
  const rates = await Promise.all(answers);
  return { oneCore, allCores: rates.reduce((sum, rate) => sum + rate, 0), cores };
}

function startWorker(checks: readonly SignatureCheck[], durationMs: number): Worker {
  return new Worker(new URL('./signature-rate-worker.ts', import.meta.url), {
    workerData: { checks, durationMs },
  });
}
