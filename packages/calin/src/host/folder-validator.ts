import { Worker } from 'node:worker_threads';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { Validator } from '../line/line-commands.ts';
import { refuseLine } from '../line/rules.ts';
import type { ValidateWorkerAnswer, ValidateWorkerData } from './validate-worker.ts';

/** Refusals that say nothing of the blockchain, only that it could not be looked at. */
const NOT_LOOKED_AT: ReadonlySet<string> = new Set([
  'cli/unsettled-folder',
  'folder/io',
  'folder/not-found',
  'store/disk-full',
  'store/io',
  'store/locked',
]);

/** How long a thread may take to remove its copy of the files when the node stops. */
const STOP_MS = 2000;

/**
 * Verifies the data folder of the node as `calin verify` does: on a copy of its files and in a thread of its own, so
 * that neither the node nor its answers wait for it. One at a time.
 */
export class FolderValidator implements Validator {
  readonly #folder: string;
  readonly #log: Log;
  #worker: Worker | undefined;
  #isClosed = false;

  constructor(options: { readonly folder: string }, dependencies: { readonly log: Log }) {
    this.#folder = options.folder;
    this.#log = dependencies.log;
  }

  validate(done: (isValid: Result<boolean>) => void): void {
    if (this.#worker !== undefined) return done(refuseLine('line/validating'));
    if (this.#isClosed) return done(refuseLine('line/cannot-validate', { reason: 'the node stops' }));
    const workerData: ValidateWorkerData = { folder: this.#folder };
    const worker = new Worker(new URL('./validate-worker.ts', import.meta.url), {
      workerData,
      name: 'validate',
    });
    this.#worker = worker;
    // The node stays for other reasons; a validation alone shall not hold it.
    worker.unref();
    let isValid: Result<boolean> = refuseLine('line/cannot-validate', { reason: 'the thread ended' });
    worker.on('message', (answer: ValidateWorkerAnswer) => {
      if (answer.ok === 'stopped') isValid = refuseLine('line/cannot-validate', { reason: 'the node stops' });
      else isValid = answer.ok ? ok(true) : this.#judge(answer.error);
    });
    worker.on('error', (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      isValid = refuseLine('line/cannot-validate', { reason: reason.slice(0, 200) });
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      done(isValid);
    });
  }

  /** Stops the validation that runs, with its copy removed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.ref();
    worker.postMessage('stop');
    const impatience = setTimeout(() => void worker.terminate(), STOP_MS);
    await ended;
    clearTimeout(impatience);
  }

  #judge(refusal: Refusal): Result<boolean> {
    if (NOT_LOOKED_AT.has(refusal.rule)) return { ok: false, error: refusal };
    const { rule, evidence } = refusal;
    const message = 'the blockchain on disk is invalid';
    this.#log.write({
      level: 'error',
      part: 'store',
      message,
      fields: { rule, ...printableFields(evidence) },
    });
    return ok(false);
  }
}

function printableFields(evidence: Refusal['evidence']): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(Object.entries(evidence).map(([name, value]) => [name, value ?? 'null']));
}
