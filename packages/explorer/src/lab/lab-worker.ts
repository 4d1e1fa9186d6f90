import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { FromWorker, LabAnswer, LabOrder, LabProgress, ToWorker } from './lab-orders.ts';
import type { LabSession } from './lab-session.ts';
import { openSession } from './open-session.ts';
import { refuseLab } from './rules.ts';

/** How long a search for a nonce goes on before the worker looks whether it is to stop. */
const SLICE_MS = 100;

const rpc = new RpcClient({ url: `${location.origin}/` });
let session: LabSession | undefined;
let isStopped = false;
/** One order after the other: they work on one session. */
let last: Promise<unknown> = Promise.resolve();

async function carryOut(order: LabOrder, report: (progress: LabProgress) => void): Promise<LabAnswer> {
  if (order.kind === 'open') {
    const onProgress = (done: number, total: number) => report({ what: 'blocks', done, total });
    const opened = await openSession(rpc, order.block, onProgress);
    if (!opened.ok) return opened;
    session = opened.value;
    return answer(session, session.facts.bytes);
  }
  if (session === undefined) return refuseLab('lab/not-here');
  if (order.kind === 'judge') {
    session.takeWork(order.isWorkTaken);
    return answer(session, order.bytes);
  }
  if (order.kind === 'change') {
    const tried = session.change(order.name);
    if (!tried.ok) return tried;
    const { bytes, isToSeal } = tried.value;
    // Work takes minutes: whether it is to be done again is for whoever looks at the block to say.
    return isToSeal && !session.facts.isWork ? seal(session, bytes, report) : answer(session, bytes);
  }
  if (order.repair.kind === 'seal') return seal(session, order.bytes, report);
  return then(session, session.repair(order.bytes, order.repair));
}

async function seal(
  session: LabSession,
  bytes: Uint8Array,
  report: (progress: LabProgress) => void,
): Promise<LabAnswer> {
  const search = session.seal(bytes);
  let step = search.next();
  for (let sliceMs = performance.now(); step.done !== true; step = search.next()) {
    if (performance.now() - sliceMs < SLICE_MS) continue;
    report({ what: 'hashes', done: step.value.attempts, total: step.value.expected });
    await new Promise((resolve) => setTimeout(resolve));
    sliceMs = performance.now();
    if (isStopped) return refuseLab('lab/stopped');
  }
  return then(session, step.value);
}

function then(session: LabSession, changed: Result<Uint8Array>): LabAnswer {
  return changed.ok ? answer(session, changed.value) : changed;
}

function answer(session: LabSession, bytes: Uint8Array): LabAnswer {
  return ok({ bytes, verdict: session.judge(bytes), facts: session.facts });
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data === 'stop') {
    isStopped = true;
    return;
  }
  const { job, order } = data;
  const send = (message: FromWorker) => self.postMessage(message);
  last = last
    .then(() => {
      isStopped = false;
      return carryOut(order, (progress) => send({ job, progress }));
    })
    .catch((error: unknown): LabAnswer => refuseLab('lab/failed', { error: String(error) }))
    .then((answer) => send({ job, answer }));
});
