import { Worker } from 'node:worker_threads';
import type { Log } from '@calin/core/ports/log.ts';
import type { RingMemory } from './signature-ring.ts';
import type { SignatureWorkerData } from './signature-worker.ts';

/** Workers that are started anew within {@link REPLACED_WITHIN_MS}; after more of them something is wrong for good. */
const REPLACED_MAX = 5;
const REPLACED_WITHIN_MS = 60_000;

/**
 * What a worker may have as heap. It needs a few MB; one that runs over this ends alone and not with the process.
 */
const HEAP_MB_MAX = 64;

/** Starts the thread of a worker. */
export type StartSignatureWorker = (data: SignatureWorkerData) => Worker;

/** The usual worker. */
export const startSignatureWorker: StartSignatureWorker = (workerData) =>
  new Worker(new URL('./signature-worker.ts', import.meta.url), {
    workerData,
    name: `signatures ${workerData.thread}`,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });

/** What the workers tell the main thread. */
export interface WorkersOwner {
  /** Some batch is done. */
  batchDone(): void;
  /** A worker has ended; what it had claimed nobody will finish. */
  workerLost(thread: number): void;
}

/** Choices for {@link SignatureWorkers}. */
export interface SignatureWorkersOptions {
  readonly count: number;
  readonly memory: RingMemory;
  readonly start: StartSignatureWorker;
  readonly log: Log;
}

/**
 * The threads of a ring: starts them, replaces those that end, and ends them all. When they die again and again it
 * stops replacing them, and the main thread goes on alone.
 */
export class SignatureWorkers {
  readonly #options: SignatureWorkersOptions;
  readonly #owner: WorkersOwner;
  readonly #workers = new Map<number, Worker>();
  #replacedMs: number[] = [];
  #isStarted = false;
  #isClosed = false;
  #keepsAlive = false;

  constructor(options: SignatureWorkersOptions, owner: WorkersOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** Starts all of them, the first time that it is called. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (let thread = 1; thread <= this.#options.count; thread++) this.#start(thread);
  }

  /** Says whether the process must stay for them: while they have work, and not longer. */
  keepAlive(keepsAlive: boolean): void {
    if (keepsAlive === this.#keepsAlive) return;
    this.#keepsAlive = keepsAlive;
    for (const worker of this.#workers.values()) setReferenced(worker, keepsAlive);
  }

  /** Ends them wherever they are. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isStarted = true;
    await Promise.all([...this.#workers.values()].map((worker) => worker.terminate()));
  }

  #start(thread: number): void {
    const worker = this.#options.start({ memory: this.#options.memory, thread });
    let reason = '';
    worker.on('message', () => this.#owner.batchDone());
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => this.#ended(thread, code, reason));
    this.#workers.set(thread, worker);
    setReferenced(worker, this.#keepsAlive);
  }

  #ended(thread: number, code: number, reason: string): void {
    this.#workers.delete(thread);
    if (this.#isClosed) return;
    this.#owner.workerLost(thread);
    const nowMs = performance.now();
    this.#replacedMs = this.#replacedMs.filter((ms) => nowMs - ms < REPLACED_WITHIN_MS);
    const isReplaced = this.#replacedMs.length < REPLACED_MAX;
    const message = isReplaced
      ? 'a signature worker ended and is replaced; what it was checking is checked again'
      : 'signature workers end again and again; this one is not replaced';
    const fields = { thread, code, reason };
    this.#options.log.write({ level: isReplaced ? 'warn' : 'error', part: 'compute', message, fields });
    if (!isReplaced) return;
    this.#replacedMs.push(nowMs);
    this.#start(thread);
  }
}

function setReferenced(worker: Worker, isReferenced: boolean): void {
  if (isReferenced) worker.ref();
  else worker.unref();
}
