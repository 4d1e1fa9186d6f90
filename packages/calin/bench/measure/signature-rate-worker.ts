import { parentPort, workerData } from 'node:worker_threads';
import { measureSignatures, sampleChecks } from './signature-loop.ts';

/** One core of the measurement: says that it is ready, waits for the word to go, and answers with its speed. */
const { durationMs } = workerData as { readonly durationMs: number };
const checks = sampleChecks();
parentPort?.once('message', () => parentPort?.postMessage(measureSignatures(checks, durationMs)));
parentPort?.postMessage('ready');
