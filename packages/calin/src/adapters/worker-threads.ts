import type { Worker } from 'node:worker_threads';
import type { Log } from '@calin/core/ports/log.ts';

/** Workers that are started anew within {@link REPLACED_WITHIN_MS}; after more of them something is wrong for good. */
const REPLACED_MAX = 5;
const REPLACED_WITHIN_MS = 60_000;

/** What a worker may have as heap. It needs a few MB; one that runs over this ends alone and not with the process. */
export const WORKER_HEAP_MB_MAX = 64;

/** What the workers tell the main thread. */
export interface WorkersOwner {
  /** A worker has posted something. */
  message(value: unknown): void;
  /** A worker has ended, and whatever it was at is left undone; another one may take its place after this. */
  lost(thread: number): void;
}

/** Choices for {@link WorkerThreads}. */
export interface WorkerThreadsOptions {
  readonly count: number;
  /** Starts the thread with this number, from 1. */
  readonly start: (thread: number) => Worker;
  /** What they do, for the log: `signature`, `mining`. */
  readonly task: string;
  readonly log: Log;
}

/**
 * Threads that do one kind of work: starts them, replaces those that end, and ends them all. When they die again and
 * again it stops replacing them.
 */
export class WorkerThreads {
  readonly #options: WorkerThreadsOptions;
  readonly #owner: WorkersOwner;
  readonly #workers = new Map<number, Worker>();
  #replacedMs: number[] = [];
  #isStarted = false;
  #isClosed = false;
  #keepsAlive = false;

  constructor(options: WorkerThreadsOptions, owner: WorkersOwner) {
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
    const worker = this.#options.start(thread);
    let reason = '';
    worker.on('message', (value) => this.#owner.message(value));
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
    this.#owner.lost(thread);
    const nowMs = performance.now();
    this.#replacedMs = this.#replacedMs.filter((ms) => nowMs - ms < REPLACED_WITHIN_MS);
    const isReplaced = this.#replacedMs.length < REPLACED_MAX;
    const { task, log } = this.#options;
    const message = isReplaced
      ? `a ${task} worker ended and is replaced; what it was doing is done again`
      : `${task} workers end again and again; this one is not replaced`;
    const fields = { thread, code, reason };
    log.write({ level: isReplaced ? 'warn' : 'error', part: 'compute', message, fields });
    if (!isReplaced) return;
    this.#replacedMs.push(nowMs);
    this.#start(thread);
  }
}

function setReferenced(worker: Worker, isReferenced: boolean): void {
  if (isReferenced) worker.ref();
  else worker.unref();
}
