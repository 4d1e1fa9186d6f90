import type { Notification } from '@calin/core/node/effects.ts';
import type { MetricsSource } from '../server/http-handler.ts';
import type { NodeMetrics, NodeMetricsDependencies } from './node-metrics.ts';

/** How long after the start of a node its metrics are made, unless somebody asks for them. */
const LOAD_AFTER_MS = 1000;

/**
 * The metrics of a node, which begin a moment after it: what they are made with takes as long to load as a good part of
 * a start, and nobody waits for them.
 */
export class LazyMetrics implements MetricsSource {
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  readonly #dependencies: NodeMetricsDependencies;
  readonly #timer: NodeJS.Timeout;
  #loading: Promise<NodeMetrics> | undefined;
  #metrics: NodeMetrics | undefined;
  #isClosed = false;

  constructor(dependencies: NodeMetricsDependencies) {
    this.#dependencies = dependencies;
    this.#timer = setTimeout(() => void this.#load(), LOAD_AFTER_MS).unref();
  }

  async text(): Promise<string> {
    return (await this.#load()).text();
  }

  /** Counts what the node tells its subscribers, once there is something to count with. */
  notify(notification: Notification): void {
    this.#metrics?.notify(notification);
  }

  /** Ends the measuring. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#metrics?.close();
  }

  #load(): Promise<NodeMetrics> {
    this.#loading ??= import('./node-metrics.ts').then(({ NodeMetrics }) => {
      const metrics = new NodeMetrics(this.#dependencies);
      this.#metrics = metrics;
      // A node that was stopped meanwhile must not be measured for ever.
      if (this.#isClosed) metrics.close();
      return metrics;
    });
    return this.#loading;
  }
}
