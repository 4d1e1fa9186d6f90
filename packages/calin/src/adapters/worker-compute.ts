import { availableParallelism } from 'node:os';
import { assert } from '@calin/core/base/assert.ts';
import type { Compute, SignaturesDone } from '@calin/core/ports/compute.ts';
import type { Log } from '@calin/core/ports/log.ts';
import { createRecordVerifier, RECORD_WORDS } from './record-verifier.ts';
import { SignatureQueue } from './signature-queue.ts';
import { allocateRing, BATCH_RECORDS, MAIN_THREAD, SignatureRing } from './signature-ring.ts';
import { type StartSignatureWorker, startSignatureWorker } from './start-signature-worker.ts';
import { WorkerThreads } from './worker-threads.ts';

/** How long the main thread is kept at a stretch; events come in between. */
const STRETCH_MS = 5;

/**
 * Records that must wait before threads are started, some 10 ms of work: a small development network never starts
 * them, and the first big block does.
 */
const START_RECORDS = 256;

/**
 * Slots of the ring for each worker: a worker must not run dry while the main thread is busy for 50 ms, which are
 * about 13 batches.
 */
const SLOTS_PER_WORKER = 32;
const SLOTS_MIN = 64;
const WORKERS_MAX = 64;

/** Choices for {@link WorkerCompute}. */
export interface WorkerComputeOptions {
  /** Threads beside the main one, 0 to 64; as many as there are further cores when left out. */
  readonly workers?: number;
  readonly log: Log;
  /** Starts a worker's thread; the usual one when left out. */
  readonly startWorker?: StartSignatureWorker;
}

/** Threads beside the main one that are of use on this machine. */
export function defaultSignatureWorkers(): number {
  return Math.min(availableParallelism() - 1, WORKERS_MAX);
}

/**
 * Checks signatures on all cores: workers claim batches from a ring in shared memory, and the main thread claims some
 * itself whenever it has nothing else to do. Small requests are not kept waiting by large ones. Verdicts are right
 * whatever happens to the workers: what one leaves behind is checked again.
 *
 * See docs/decisions/0008-signatures-on-all-cores.md.
 */
export class WorkerCompute implements Compute {
  readonly #ring: SignatureRing;
  readonly #queue: SignatureQueue;
  readonly #workers: WorkerThreads;
  readonly #verify = createRecordVerifier();
  /** Slots that the main thread has claimed; it is at record {@link #position} of the first one. */
  readonly #own: number[] = [];
  #position = 0;
  #isTurnDue = false;
  #isClosed = false;

  constructor({ workers = defaultSignatureWorkers(), log, startWorker }: WorkerComputeOptions) {
    assert(Number.isInteger(workers) && workers >= 0 && workers <= WORKERS_MAX, 'from 0 to 64 workers');
    const memory = allocateRing(2 ** Math.ceil(Math.log2(Math.max(SLOTS_MIN, workers * SLOTS_PER_WORKER))));
    this.#ring = new SignatureRing(memory);
    this.#queue = new SignatureQueue(this.#ring);
    const start = startWorker ?? startSignatureWorker;
    this.#workers = new WorkerThreads(
      { count: workers, start: (thread) => start({ memory, thread }), task: 'signature', log },
      { message: () => this.#turnSoon(), lost: (thread) => this.#lost(thread) },
    );
  }

  checkSignatures(records: Uint8Array, done: SignaturesDone): void {
    if (this.#isClosed) return;
    this.#queue.add(records, done);
    this.#workers.keepAlive(true);
    if (this.#queue.recordsWaiting >= START_RECORDS) this.#workers.start();
    // Workers begin at once, even if the main thread is busy for a while after this.
    if (this.#queue.feed()) this.#ring.signal();
    this.#turnSoon();
  }

  /** Ends the workers. Requests that wait are forgotten. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#workers.close();
  }

  #turnSoon(): void {
    if (this.#isTurnDue || this.#isClosed) return;
    this.#isTurnDue = true;
    setImmediate(() => this.#turn());
  }

  /** Collects what is done and feeds the ring; then answers, or else checks a batch. */
  #turn(): void {
    this.#isTurnDue = false;
    if (this.#isClosed) return;
    const endMs = performance.now() + STRETCH_MS;
    this.#ring.listen(false);
    this.#queue.collect();
    if (this.#queue.feed()) this.#ring.signal();
    if (this.#queue.hasAnswers) {
      this.#turnSoon();
      this.#answer(endMs);
    } else if (this.#check(endMs)) this.#turnSoon();
    else this.#rest();
  }

  /** Goes on with a batch of its own, or claims one. False when there is none. */
  #check(endMs: number): boolean {
    const slot = this.#own[0] ?? this.#claim();
    if (slot < 0) return false;
    const count = this.#ring.count(slot);
    const verdicts = this.#ring.verdicts(slot);
    const first = slot * BATCH_RECORDS;
    // Looks at the clock after each one: a refusal takes twenty times as long as the rest.
    do {
      const start = (first + this.#position) * RECORD_WORDS;
      verdicts[this.#position] = this.#verify(this.#ring.words, start) ? 1 : 0;
      this.#position += 1;
    } while (this.#position < count && performance.now() < endMs);
    if (this.#position < count) return true;
    this.#own.shift();
    this.#position = 0;
    this.#ring.finish(slot, MAIN_THREAD);
    return true;
  }

  #claim(): number {
    const slot = this.#ring.claim(MAIN_THREAD);
    if (slot >= 0) this.#own.push(slot);
    return slot;
  }

  /** Waits for the workers, or for the next request. */
  #rest(): void {
    this.#ring.listen(true);
    // What was done in the meantime is told by nobody.
    if (this.#queue.collect()) this.#turnSoon();
    this.#workers.keepAlive(this.#queue.isBusy);
  }

  #answer(endMs: number): void {
    do {
      const answer = this.#queue.nextAnswer();
      if (answer === undefined) return;
      answer.done(answer.valid);
    } while (performance.now() < endMs && !this.#isClosed);
  }

  #lost(thread: number): void {
    this.#own.push(...this.#ring.takeOver(thread));
    this.#turnSoon();
  }
}
