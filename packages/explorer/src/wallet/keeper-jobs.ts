import type { SearchProgress } from '@calin/client/wallet/find-accounts.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Keeper } from './keeper.ts';
import { refusePage } from './rules.ts';

/** What a keeper can be asked for. */
export type KeeperMethod = keyof Keeper;

/** What a keeper answers to a method. */
export type KeeperValue<Method extends KeeperMethod> = Awaited<ReturnType<Keeper[Method]>>;

/** A call on its way to the worker. */
export interface KeeperJob {
  readonly job: number;
  readonly method: KeeperMethod;
  readonly parameters: readonly unknown[];
}

/** What comes back. */
export type KeeperAnswer =
  | { readonly kind: 'done'; readonly job: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly job: number; readonly name: string }
  | { readonly kind: 'progress'; readonly progress: SearchProgress };

/** A keeper somewhere else: every method of {@link Keeper}, answered later. */
export interface KeeperCaller {
  call<Method extends KeeperMethod>(
    method: Method,
    ...parameters: Parameters<Keeper[Method]>
  ): Promise<KeeperValue<Method>>;
  /** Ends it: what it knew is gone from the memory. The next call starts another one. */
  end(): void;
}

/** The part of a worker that a caller needs. */
export type KeeperWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

/** Calls a keeper in a worker, which starts with the first call. */
export class WorkerKeeper implements KeeperCaller {
  readonly #start: () => KeeperWorker;
  readonly #progress: (progress: SearchProgress) => void;
  #worker: KeeperWorker | undefined;
  #jobs = 0;
  readonly #waiting = new Map<number, { done(value: unknown): void; failed(error: Error): void }>();

  constructor(start: () => KeeperWorker, progress: (progress: SearchProgress) => void = () => {}) {
    this.#start = start;
    this.#progress = progress;
  }

  call<Method extends KeeperMethod>(
    method: Method,
    ...parameters: Parameters<Keeper[Method]>
  ): Promise<KeeperValue<Method>> {
    this.#worker ??= this.#begin();
    this.#jobs += 1;
    const job = this.#jobs;
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { done: (value) => resolve(value as KeeperValue<Method>), failed: reject });
      const message: KeeperJob = { job, method, parameters };
      worker.postMessage(message);
    });
  }

  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { failed } of this.#waiting.values()) failed(new Error('the wallet was locked meanwhile'));
    this.#waiting.clear();
  }

  #begin(): KeeperWorker {
    const worker = this.#start();
    worker.addEventListener('message', (event) => this.#hear((event as MessageEvent<KeeperAnswer>).data));
    worker.addEventListener('error', () => this.end());
    return worker;
  }

  #hear(answer: KeeperAnswer): void {
    if (answer.kind === 'progress') return this.#progress(answer.progress);
    const waiting = this.#waiting.get(answer.job);
    this.#waiting.delete(answer.job);
    if (answer.kind === 'done') waiting?.done(answer.value);
    else waiting?.failed(new Error(`the keeper failed: ${answer.name}`));
  }
}

/** A call whose failure is a refusal as any other: the worker was ended, or a part of the page could not be loaded. */
export async function settled<T>(call: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await call;
  } catch (error) {
    return refusePage('page/failed', { why: error instanceof Error ? error.message : 'unknown' });
  }
}
