import type { FromWorker, LabAnswer, LabOrder, LabProgress, ToWorker } from './lab-orders.ts';
import { refuseLab } from './rules.ts';

/** What is done with the progress of an order. */
type OnProgress = (progress: LabProgress) => void;

interface Waiting {
  readonly resolve: (answer: LabAnswer) => void;
  readonly onProgress: OnProgress;
}

/** The lab of one page, in a worker of its own. */
export class LabClient {
  readonly #worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      const waiting = this.#waiting.get(data.job);
      if ('progress' in data) return waiting?.onProgress(data.progress);
      this.#waiting.delete(data.job);
      waiting?.resolve(data.answer);
    });
    this.#worker.addEventListener('error', () => {
      for (const { resolve } of this.#waiting.values()) resolve(refuseLab('lab/failed'));
      this.#waiting.clear();
    });
  }

  /** Gives an order, after those that were given before. */
  order(order: LabOrder, onProgress: OnProgress): Promise<LabAnswer> {
    this.#jobs += 1;
    const job = this.#jobs;
    return new Promise((resolve) => {
      this.#waiting.set(job, { resolve, onProgress });
      this.#send({ job, order });
    });
  }

  /** Ends the search for a nonce that runs. */
  stop(): void {
    this.#send('stop');
  }

  /** Ends the worker; nothing is answered any more. */
  close(): void {
    this.#worker.terminate();
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}
