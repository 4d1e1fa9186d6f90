import type { Claim, Verdict } from './claims.ts';
import type { ProverAnswer, ProverJob } from './prover-worker.ts';

/** Where the browser keeps how far it has followed the chain of this node. */
const KEPT_KEY = 'calin-followed';

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
    const message: ProverJob = { job, claim, kept: readKept() };
    worker?.postMessage(message);
  });
}

function startWorker(): Worker {
  const started = new Worker(new URL('./prover-worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<ProverAnswer>) => {
    if (data.job === undefined) return keep(data.kept);
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

/** Workers have no such storage, so the page keeps it for them. */
function keep(kept: unknown): void {
  try {
    localStorage.setItem(KEPT_KEY, JSON.stringify(kept));
  } catch {
    // Without storage the chain is followed from its genesis block each time.
  }
}

function readKept(): unknown {
  try {
    return JSON.parse(localStorage.getItem(KEPT_KEY) ?? 'null');
  } catch {
    return null;
  }
}
