import { parentPort, workerData } from 'node:worker_threads';
import { type RingMemory, SignatureRing } from './signature-ring.ts';

/** How a worker may end. */
export type WorkerEnd = 'exception' | 'exit' | 'memory' | 'at once';

/** What a failing worker is started with. */
export interface FailingWorkerData {
  readonly memory: RingMemory;
  readonly thread: number;
  readonly end: WorkerEnd;
}

/**
 * Claims a batch, and a second one if there is any, calls every signature of the first one valid without looking at it,
 * and ends in the middle.
 */
const { memory, thread, end } = workerData as FailingWorkerData;
const ring = new SignatureRing(memory);
if (end === 'at once') throw new Error('it does not even begin');
const claimed = claimNext();
// Nobody may offer a second one before the first is done, so it does not wait for it.
ring.claim(thread);
ring.verdicts(claimed).fill(1);
parentPort?.postMessage(0);
if (end === 'exception') throw new Error('a bug');
if (end === 'exit') process.exit(7);
const hoard: unknown[] = [];
for (;;) hoard.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));

function claimNext(): number {
  for (;;) {
    const signalled = ring.signalled();
    const slot = ring.claim(thread);
    if (slot >= 0) return slot;
    ring.sleep(signalled);
  }
}
