import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseIndex } from '@calin/core/index/rules.ts';
import { refuseNode } from '@calin/core/node/rules.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { AnyMethod, ResultOf } from '@calin/core/rpc/method.ts';
import { METHODS, type Methods } from '@calin/core/rpc/methods.ts';
import { formatGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { WorkerThreads } from '../adapters/worker-threads.ts';
import type { HostMethodRunner } from '../host/rpc-host.ts';
import type { IndexProgress } from './index-follower.ts';
import { nextStep, type SourceNode } from './index-source.ts';
import type { FromIndex, IndexHome, IndexWorkerData, ToIndex } from './messages.ts';

/** Questions that wait for the thread; more are refused by `node/busy`. */
const QUESTIONS_MAX = 1_024;

/** Heap of the thread, and more for each byte that a block may have: its rows are in memory together. */
const HEAP_MB = 256;
const HEAP_PER_BLOCK_BYTE = 48;

/** How long the thread may take to close its store before it is ended. */
const CLOSE_MS = 5_000;

/** What an index works with. */
export interface IndexServiceOptions {
  readonly home: IndexHome;
  readonly node: SourceNode;
  readonly log: Log;
}

type Answered = (result: Result<unknown>) => void;

/**
 * The full index of a node, in a thread of its own: gives it the blocks it asks for and passes questions on. The node
 * never waits for it, and goes on when the thread dies; another one begins where that one's commits end.
 */
export class IndexService {
  readonly #options: IndexServiceOptions;
  readonly #threads: WorkerThreads;
  readonly #waiting = new Map<number, Answered>();
  #worker: Worker | undefined;
  #questions = 0;
  #progress: IndexProgress | undefined;
  #heapBytes = 0;
  #closed: (() => void) | undefined;

  constructor(options: IndexServiceOptions) {
    this.#options = options;
    const start = (): Worker => this.#start();
    const { log } = options;
    this.#threads = new WorkerThreads(
      { count: 1, start, task: 'index', log },
      { message: (message) => this.#take(message as FromIndex), lost: () => this.#lost() },
    );
  }

  /** Starts the thread. */
  start(): void {
    this.#threads.start();
  }

  /** The head has moved. */
  wake(): void {
    this.#post({ kind: 'wake' });
  }

  /** What the index is doing. */
  status(): ResultOf<Methods['index_status']> {
    const { state = 'starting', indexedTo, blocksPerSecond = 0, problem } = this.#progress ?? {};
    const headHeight = this.#options.node.chain.head.height;
    return {
      kind: this.#options.home.kind,
      state,
      indexedTo: indexedTo === undefined ? null : { height: indexedTo.height, id: toHex(indexedTo.id) },
      headHeight,
      blocksBehind: Math.max(0, headHeight - (indexedTo?.height ?? -1)),
      blocksPerSecond,
      problem: problem === undefined ? null : presentProblem(problem),
    };
  }

  /** What the objects and buffers of the thread took when it last told, garbage included. */
  get heapBytes(): number {
    return this.#heapBytes;
  }

  /** Does the methods that read the index. */
  readonly hostMethod: HostMethodRunner = (name, params, done) => {
    if (name === 'index_status') return done(ok(this.status()));
    if (this.#waiting.size >= QUESTIONS_MAX) {
      return done(refuseNode('node/busy', { waiting: this.#waiting.size }));
    }
    if (this.#worker === undefined) return done(refuseIndex('index/away'));
    const id = ++this.#questions;
    this.#waiting.set(id, done);
    this.#threads.keepAlive(true);
    this.#post(name === 'index_rebuild' ? { kind: 'rebuild', id } : { kind: 'query', id, name, params });
  };

  /** Ends the thread, once it has closed its store. */
  async close(): Promise<void> {
    if (this.#worker !== undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#closed = resolve;
      this.#post({ kind: 'close' });
      const timer = setTimeout(resolve, CLOSE_MS);
      await promise;
      clearTimeout(timer);
    }
    this.#worker = undefined;
    await this.#threads.close();
    this.#giveUp();
  }

  #start(): Worker {
    const { home, node } = this.#options;
    const workerData: IndexWorkerData = { genesis: formatGenesisFile(node.spec), home };
    const heapBytes = HEAP_PER_BLOCK_BYTE * node.spec.limits.blockBytesMax;
    // The large first heap that `calin` asks for is meant for the main thread. V8 would give the same to this one,
    // which would fill it with the garbage of more than a thousand blocks before it is first collected.
    setFlagsFromString('--initial-heap-size=0');
    this.#worker = new Worker(new URL('./index-worker.ts', import.meta.url), {
      workerData,
      name: 'index',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB + Math.ceil(heapBytes / 2 ** 20) },
    });
    return this.#worker;
  }

  #take(message: FromIndex): void {
    switch (message.kind) {
      case 'next':
        return this.#post({ kind: 'step', step: nextStep(this.#options.node, message.after) });
      case 'progress':
        this.#progress = message.progress;
        this.#heapBytes = message.heapBytes;
        return;
      case 'closed':
        return this.#closed?.();
      case 'log':
        return this.#options.log.write(message.entry);
      case 'answer': {
        const done = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (this.#waiting.size === 0) this.#threads.keepAlive(false);
        done?.(message.result);
      }
    }
  }

  #lost(): void {
    this.#worker = undefined;
    this.#closed?.();
    this.#progress = undefined;
    this.#heapBytes = 0;
    this.#giveUp();
  }

  #giveUp(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const done of waiting) done(refuseIndex('index/away'));
  }

  #post(message: ToIndex): void {
    this.#worker?.postMessage(message);
  }
}

/** The methods of a node without a full index. */
export function noIndex({ chain }: Pick<SourceNode, 'chain'>): HostMethodRunner {
  return (name, _params, done) => {
    if (name !== 'index_status') return done(refuseIndex('index/off'));
    const nothing = { indexedTo: null, blocksBehind: 0, blocksPerSecond: 0, problem: null };
    done(ok({ kind: 'off', state: 'off', headHeight: chain.head.height, ...nothing }));
  };
}

/** Sends each method to who does it: those of the index, and all others. */
export function withIndex(index: HostMethodRunner, others: HostMethodRunner): HostMethodRunner {
  return (name, params, done) => (isIndexMethod(name) ? index : others)(name, params, done);
}

function isIndexMethod(name: string): boolean {
  const method: AnyMethod | undefined = Object.hasOwn(METHODS, name)
    ? METHODS[name as keyof Methods]
    : undefined;
  return name === 'index_status' || method?.errors.includes('index/off') === true;
}

function presentProblem({ rule, message, evidence }: Refusal) {
  const why = evidence['why'] ?? evidence['height'] ?? '';
  return { rule, message, why: String(why).slice(0, 500) };
}
