import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Notification } from '@calin/core/node/effects.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { NodeView } from '@calin/core/rpc/node-view.ts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Traffic } from '../adapters/libp2p/traffic.ts';
import type { MetricsSource } from '../server/http-handler.ts';

/** What the network knows of itself. */
export interface NetworkFigures {
  readonly traffic: Traffic;
  /** Peers that have said hello, by who dialled. */
  peers(): Readonly<Record<'inbound' | 'outbound', number>>;
  /** Peers and groups of addresses that are kept out. */
  bans(): number;
}

/** What the full index knows of itself. */
export interface IndexFigures {
  /** What the objects and buffers of its thread take. */
  readonly heapBytes: number;
}

/** What metrics are made of. */
export interface NodeMetricsDependencies {
  readonly view: NodeView;
  /** Absent on a node without a network. */
  readonly network: NetworkFigures | undefined;
  /** Absent on a node without a full index. */
  readonly index?: IndexFigures | undefined;
  /** Whether this node has made a block, which then did not travel. */
  isOwn(header: Header): boolean;
  /** Milliseconds since 1970, as the node counts them. */
  nowMs(): number;
}

/** Seconds; a block crosses a local network in a hundredth and the world in a few. */
const PROPAGATION_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const REORG_BUCKETS = [1, 2, 3, 5, 10, 20, 50, 100];

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/**
 * The node's metrics in the format of Prometheus. Most are read when they are asked for, so they cost nothing
 * otherwise.
 *
 * @see docs/reference/metrics.md
 */
export class NodeMetrics implements MetricsSource {
  readonly #registry = new Registry();
  readonly #dependencies: NodeMetricsDependencies;
  readonly #propagation: Histogram;
  readonly #reorgs: Histogram;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });

  constructor(dependencies: NodeMetricsDependencies) {
    this.#dependencies = dependencies;
    this.#delay.enable();
    this.#chainGauges();
    this.#processGauges();
    if (dependencies.network !== undefined) this.#networkGauges(dependencies.network);
    const { index } = dependencies;
    if (index !== undefined) {
      const help = 'Objects and buffers of the thread of the full index.';
      this.#gauge('calin_index_heap_bytes', help, () => index.heapBytes);
    }
    this.#propagation = this.#histogram(
      'calin_block_propagation_seconds',
      'Time from the header time of a block that others made to its being on disk here.',
      PROPAGATION_BUCKETS,
    );
    this.#reorgs = this.#histogram(
      'calin_reorg_depth_blocks',
      'Blocks that a better branch has replaced, for each reorganisation.',
      REORG_BUCKETS,
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Counts what the node tells its subscribers. */
  notify(notification: Notification): void {
    if (notification.kind !== 'head') return;
    const { head, reverted } = notification;
    if (reverted > 0) this.#reorgs.observe(reverted);
    // Blocks of the past, which a node fetches while it catches up, say nothing about how fast blocks travel.
    const { view, isOwn, nowMs } = this.#dependencies;
    if (view.status().life !== 'ready' || isOwn(head.header)) return;
    this.#propagation.observe(Math.max(0, nowMs() - head.header.timeMs) / 1000);
  }

  /** Ends the measuring. */
  close(): void {
    this.#delay.disable();
    this.#registry.clear();
  }

  #chainGauges(): void {
    const { view } = this.#dependencies;
    this.#gauge('calin_head_height', 'Height of the best block.', () => view.status().head.header.height);
    this.#gauge('calin_final_height', 'Height of the last final block.', () => view.status().final.height);
    this.#gauge('calin_ready', 'One when the node has caught up with its network.', () =>
      view.status().life === 'ready' ? 1 : 0,
    );
    this.#gauge('calin_coins', 'Unspent coins.', () => view.status().coins);
    this.#gauge(
      'calin_mempool_transactions',
      'Transactions that wait.',
      () => view.status().mempool.transactions,
    );
    this.#gauge('calin_mempool_bytes', 'Bytes of what waits.', () => view.status().mempool.bytes);
  }

  #processGauges(): void {
    const delay = this.#delay;
    this.#gauge(
      'calin_event_loop_delay_p50_seconds',
      'Median delay of the event loop since it was read.',
      () => (delay.count === 0 ? 0 : delay.percentile(50) / NANOSECONDS),
    );
    this.#gauge('calin_event_loop_delay_p99_seconds', 'One turn in a hundred came later than this.', () =>
      delay.count === 0 ? 0 : delay.percentile(99) / NANOSECONDS,
    );
    // Read last: it begins a new period.
    this.#gauge('calin_event_loop_delay_max_seconds', 'Longest delay since it was read.', () => {
      const seconds = delay.count === 0 ? 0 : delay.max / NANOSECONDS;
      delay.reset();
      return seconds;
    });
    this.#gauge('calin_heap_used_bytes', 'Objects of JavaScript.', () => process.memoryUsage().heapUsed);
    this.#gauge(
      'calin_external_bytes',
      'Memory outside that heap that belongs to its objects.',
      () => process.memoryUsage().external,
    );
    this.#gauge('calin_resident_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
    this.#gauge(
      'calin_open_handles',
      'Sockets, timers and files that keep the process alive.',
      () => process.getActiveResourcesInfo().length,
    );
    this.#counter(
      'calin_processor_seconds_total',
      'Processor time of all threads since the process began.',
      () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / MICROSECONDS;
      },
    );
    this.#gauge('calin_uptime_seconds', 'Time since the process began.', () => process.uptime());
  }

  #networkGauges(network: NetworkFigures): void {
    const registers = [this.#registry];
    const direction = ['direction'] as const;
    new Gauge({
      name: 'calin_peers',
      help: 'Peers that have said hello, by who dialled.',
      labelNames: direction,
      registers,
      collect() {
        const peers = network.peers();
        this.set({ direction: 'inbound' }, peers.inbound);
        this.set({ direction: 'outbound' }, peers.outbound);
      },
    });
    this.#gauge('calin_bans', 'Peers and groups of addresses that are kept out.', () => network.bans());
    this.#trafficCounter('calin_network_bytes_total', 'Bytes of messages by their kind.', 'bytes', network);
    this.#trafficCounter('calin_network_messages_total', 'Messages by their kind.', 'messages', network);
  }

  #trafficCounter(
    name: string,
    help: string,
    field: 'bytes' | 'messages',
    { traffic }: NetworkFigures,
  ): void {
    new Counter({
      name,
      help,
      labelNames: ['direction', 'kind'] as const,
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const direction of ['sent', 'received'] as const) {
          for (const [kind, count] of traffic[direction]) this.inc({ direction, kind }, count[field]);
        }
      },
    });
  }

  /** What only grows, as something else counts it. */
  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.#registry] });
  }
}
