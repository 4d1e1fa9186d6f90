import { Worker } from 'node:worker_threads';
import type { SignatureWorkerData } from './signature-worker.ts';
import { WORKER_HEAP_MB_MAX } from './worker-threads.ts';

/** Starts the thread of a worker. */
export type StartSignatureWorker = (data: SignatureWorkerData) => Worker;

/** The usual worker. */
export const startSignatureWorker: StartSignatureWorker = (workerData) =>
  new Worker(new URL('./signature-worker.ts', import.meta.url), {
    workerData,
    name: `signatures ${workerData.thread}`,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
  });
