import { parentPort, workerData } from 'node:worker_threads';
import type { SignatureCheck } from '@calin/core/crypto/signature.ts';
import { measureRate } from './signature-loop.ts';

/** One core of the measurement: says that it is ready, waits for the word to go, and answers with its rate. */
const { checks, durationMs } = workerData as {
  readonly checks: readonly SignatureCheck[];
  readonly durationMs: number;
};
parentPort?.once('message', () => parentPort?.postMessage(measureRate(checks, durationMs)));
parentPort?.postMessage('ready');
