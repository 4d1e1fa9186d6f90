import type { Claim, Verdict } from './claims.ts';

let worker: Worker | undefined;
let jobs = 0;
const waiting = new Map<number, (verdict: Verdict) => void>();

/** Checks a claim beside the page, in a worker that follows the chain by itself and starts with the first claim. */
export function askProver(claim: Claim): Promise<Verdict> {
  worker ??= startWorker();
  jobs += 1;
  const job = jobs;
  return new Promise((resolve) => {
    waiting.set(job, resolve);
    worker?.postMessage({ job, claim });
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL('./prover-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<{ job: number; verdict: Verdict }>) => {
    waiting.get(data.job)?.(data.verdict);
    waiting.delete(data.job);
  });
  started.addEventListener('error', () => {
    for (const resolve of waiting.values())
      resolve({ kind: 'open', why: 'This browser cannot run the check.' });
    waiting.clear();
  });
  return started;
}
