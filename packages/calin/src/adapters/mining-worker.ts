import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { createKernelNonceSearch } from '@calin/kernel/kernel-nonce-search.ts';
import { stepBack } from './step-back.ts';

/** What a mining worker is started with. */
export interface MiningWorkerData {
  /** Its number, from 1. */
  readonly thread: number;
  /** One word of shared memory: the number of the search that is wanted; any other is given up. */
  readonly wanted: Int32Array;
}

/** What a mining worker is told. */
export interface MiningTask {
  readonly search: number;
  readonly message: Hash;
  readonly target: bigint;
}

/** What a mining worker says. */
export interface MiningReport {
  readonly search: number;
  /** Since its last report. */
  readonly attempts: number;
  readonly nonce: Uint8Array | undefined;
}

/** Attempts between two looks at what is wanted: some 10 ms. */
const STRETCH_ATTEMPTS = 262_144;

/** How often a report comes in the middle of a search. */
const REPORT_MS = 250;

/** Nonces of a thread: none of another, and more than it gets through in a week. */
const NONCES_PER_THREAD = 2 ** 45;

function run({ thread, wanted }: MiningWorkerData): void {
  const port = parentPort;
  assert(port !== null, 'a mining worker is a worker');
  const tryNonces = createKernelNonceSearch();
  port.on('message', ({ search, message, target }: MiningTask) => {
    let first = (thread - 1) * NONCES_PER_THREAD;
    let attempts = 0;
    let reportedMs = performance.now();
    const report = (nonce: Uint8Array | undefined) => {
      port.postMessage({ search, attempts, nonce } satisfies MiningReport);
      attempts = 0;
      reportedMs = performance.now();
    };
    while (Atomics.load(wanted, 0) === search) {
      const found = tryNonces(message, target, first, STRETCH_ATTEMPTS);
      attempts += found.attempts;
      first += STRETCH_ATTEMPTS;
      if (found.nonce !== undefined) return report(found.nonce);
      if (performance.now() - reportedMs >= REPORT_MS) report(undefined);
    }
    report(undefined);
  });
}

stepBack();
run(workerData as MiningWorkerData);
