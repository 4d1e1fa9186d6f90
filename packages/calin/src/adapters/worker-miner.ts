import { Worker } from 'node:worker_threads';
import { assert } from '@calin/core/base/assert.ts';
import { parseCompact } from '@calin/core/consensus/pow/compact-target.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { Miner, WorkDone } from '@calin/core/ports/miner.ts';
import type { MiningReport, MiningTask, MiningWorkerData } from './mining-worker.ts';
import { WORKER_HEAP_MB_MAX, WorkerThreads } from './worker-threads.ts';

/** Threads that may search; nonces are shared out among so many. */
const MINING_WORKERS_MAX = 64;

/** How often the node is told how far a search is. */
const REPORT_MS = 1000;

/** Choices for {@link WorkerMiner}. */
export interface WorkerMinerOptions {
  /** Threads, 1 to 64. */
  readonly workers: number;
  readonly log: Log;
  /** Starts a worker's thread; the usual one when left out. */
  readonly startWorker?: (data: MiningWorkerData) => Worker;
}

/**
 * Searches for nonces on threads of their own, each in nonces of its own. The first one that is found ends the search.
 * What a thread that has ended was trying is lost: every attempt is as good as any other.
 */
export class WorkerMiner implements Miner {
  readonly #workers: WorkerThreads;
  readonly #threads = new Set<Worker>();
  /** The number of the search that is wanted; 0 for none. Read by the workers. */
  readonly #wanted = new Int32Array(new SharedArrayBuffer(4));
  #searches = 0;
  #task: MiningTask | undefined;
  #report: ((done: WorkDone) => void) | undefined;
  #attempts = 0;
  #ticking: NodeJS.Timeout | undefined;

  constructor({ workers, log, startWorker = startMiningWorker }: WorkerMinerOptions) {
    assert(workers >= 1 && workers <= MINING_WORKERS_MAX, 'from 1 to 64 workers');
    const start = (thread: number): Worker => {
      const worker = startWorker({ thread, wanted: this.#wanted });
      this.#threads.add(worker);
      worker.once('exit', () => this.#threads.delete(worker));
      if (this.#task !== undefined) worker.postMessage(this.#task);
      return worker;
    };
    this.#workers = new WorkerThreads(
      { count: workers, start, task: 'mining', log },
      { message: (value) => this.#heard(value as MiningReport), lost: () => {} },
    );
  }

  search(message: Hash, bits: number, report: (done: WorkDone) => void): void {
    const target = parseCompact(bits);
    assert(target !== undefined, 'a target that the consensus gave');
    this.stop();
    this.#searches = (this.#searches + 1) & 0x7fff_ffff || 1;
    this.#task = { search: this.#searches, message, target };
    this.#report = report;
    Atomics.store(this.#wanted, 0, this.#searches);
    // The first search starts the threads, and each gets the task as it starts.
    if (this.#threads.size === 0) this.#workers.start();
    else for (const worker of this.#threads) worker.postMessage(this.#task);
    this.#workers.keepAlive(true);
    this.#ticking = setInterval(() => this.#tell(undefined), REPORT_MS);
  }

  stop(): void {
    Atomics.store(this.#wanted, 0, 0);
    clearInterval(this.#ticking);
    this.#task = undefined;
    this.#report = undefined;
    this.#workers.keepAlive(false);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.stop();
    await this.#workers.close();
  }

  #heard({ search, attempts, nonce }: MiningReport): void {
    // Also what was done for a search that has been given up meanwhile is work that was done.
    this.#attempts += attempts;
    if (nonce !== undefined && search === this.#task?.search) this.#tell(nonce);
  }

  #tell(nonce: Uint8Array | undefined): void {
    const report = this.#report;
    const attempts = this.#attempts;
    this.#attempts = 0;
    if (nonce !== undefined) this.stop();
    report?.({ attempts, nonce });
  }
}

function startMiningWorker(workerData: MiningWorkerData): Worker {
  return new Worker(new URL('./mining-worker.ts', import.meta.url), {
    workerData,
    name: `mining ${workerData.thread}`,
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB_MAX },
  });
}
