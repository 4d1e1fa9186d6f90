/** A thread of `calin sim compare`: is given one run after the other and answers each with what came out. */
import { parentPort } from 'node:worker_threads';
import { type ComparedJob, runCompared } from '@calin/sim/compare/compared-run.ts';
import { FAST_SIGNATURES } from '../adapters/fast-signatures.ts';

parentPort?.on('message', (job: ComparedJob) => {
  parentPort?.postMessage(runCompared(job, FAST_SIGNATURES));
});
