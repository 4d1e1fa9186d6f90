/** A thread that verifies one data folder, on a copy of its files, and tells what it found. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Result } from '@calin/core/base/result.ts';
import { type VerifiedFolder, verifyFolder } from './verify-folder.ts';

/** What the thread is given. */
export interface ValidateWorkerData {
  /** The data folder. */
  readonly folder: string;
}

/** What the thread tells once. */
export type ValidateWorkerAnswer = Result<VerifiedFolder> | { readonly ok: 'stopped' };

/** Ends the verification from inside, so that its copy is removed on the way out. */
class Stopped extends Error {}

async function run({ folder }: ValidateWorkerData): Promise<ValidateWorkerAnswer> {
  let isStopped = false;
  parentPort?.once('message', () => {
    isStopped = true;
  });
  try {
    return await verifyFolder(folder, () => {
      if (isStopped) throw new Stopped();
    });
  } catch (error) {
    if (error instanceof Stopped) return { ok: 'stopped' };
    throw error;
  }
}

const answer = await run(workerData as ValidateWorkerData);
parentPort?.postMessage(answer);
// A port that is listened to keeps the thread alive.
parentPort?.close();
