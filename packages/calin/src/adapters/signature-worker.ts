import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import { createRecordVerifier, RECORD_WORDS } from './record-verifier.ts';
import { BATCH_RECORDS, type RingMemory, SignatureRing } from './signature-ring.ts';
import { stepBack } from './step-back.ts';

/** What a signature worker is started with. */
export interface SignatureWorkerData {
  readonly memory: RingMemory;
  /** Its number in the ring, from 1. */
  readonly thread: number;
}

/**
 * A thread that checks signatures: claims batches as long as there are any, sleeps, and ends only when it is
 * terminated. It says nothing but "a batch is done", and that only when the main thread wants to hear it.
 */
function run({ memory, thread }: SignatureWorkerData): never {
  const ring = new SignatureRing(memory);
  const verify = createRecordVerifier();
  const port = parentPort;
  assert(port !== null, 'a signature worker is a worker');
  for (;;) {
    const signalled = ring.signalled();
    const slot = ring.claim(thread);
    if (slot < 0) {
      ring.sleep(signalled);
      continue;
    }
    const verdicts = ring.verdicts(slot);
    const first = slot * BATCH_RECORDS;
    const count = ring.count(slot);
    for (let i = 0; i < count; i++) verdicts[i] = verify(ring.words, (first + i) * RECORD_WORDS) ? 1 : 0;
    ring.finish(slot, thread);
    if (ring.mustTell()) port.postMessage(0);
  }
}

stepBack();
run(workerData as SignatureWorkerData);
