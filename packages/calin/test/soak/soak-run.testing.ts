import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cluster, type NodeReport } from '../../src/host/cluster/cluster.ts';
import { planCluster } from '../../src/host/cluster/cluster-folder.ts';
import { PROBE_FOLDER, type ProbeSample, probeFiles } from './probe-sample.testing.ts';
import { SoakTraffic } from './soak-traffic.testing.ts';
import { judgeSoak, type SoakSample, type Trend } from './soak-verdict.testing.ts';

/** Choices for {@link runSoak}. */
export interface SoakOptions {
  /** Of the whole network, which is new. */
  readonly folder: string;
  readonly minutes: number;
  /** Three at least: two that stay, the others come and go. */
  readonly nodes: number;
  /** Milliseconds between blocks. */
  readonly blockMs: number;
  /** Tells how it goes, about once a second. */
  progress?(done: number, total: number, label: string): void;
}

/** A node that stayed up all the time, and what became of what it holds. */
export interface SteadyNode {
  readonly name: string;
  readonly samples: number;
  /** Undefined when there were too few samples. */
  readonly trends: readonly Trend[] | undefined;
}

/** What a run came to. */
export interface SoakReport {
  readonly isFlat: boolean;
  readonly minutes: number;
  readonly height: number;
  readonly transactions: number;
  readonly refused: number;
  readonly stops: number;
  readonly kills: number;
  /** Block that all nodes agreed on at the end. */
  readonly agreed: { readonly height: number; readonly id: string };
  readonly steady: readonly SteadyNode[];
}

/** Nodes that are left alone: what others do to them is watched. */
const STEADY = 2;

/** The shortest time between two nodes being stopped. */
const CHURN_MS_MIN = 8000;

/** How often one node is stopped at most: a network gives one up that ends again and again. */
const STOPS_PER_NODE_MAX = 15;

/** How often all is looked at. */
const LOOK_MS = 1000;

/** Time for the network to begin, and to come to an agreement at the end. */
const PATIENCE_MS = 90_000;

/** Below the lowest head, where nodes that are a moment apart have the same blocks. */
const AGREED_DEPTH = 3;

/**
 * Runs a local network of real processes under load while nodes are stopped (SIGTERM), killed (SIGKILL) and started
 * again, and judges whether what the ones that stay hold is flat.
 *
 * @throws Error when the network does not begin, loses a node for good, or does not agree at the end
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const run = new SoakRun(options);
  try {
    await run.begin();
    await run.load();
    return await run.end();
  } finally {
    await run.stop();
  }
}

class SoakRun {
  readonly #options: SoakOptions;
  readonly #probes: string;
  readonly #samples = new Map<string, SoakSample[]>();
  #cluster: Cluster | undefined;
  #traffic: SoakTraffic | undefined;
  #reports: readonly NodeReport[] = [];
  #startMs = 0;
  #churnedMs = 0;
  #stops = 0;
  #kills = 0;

  constructor(options: SoakOptions) {
    if (options.nodes <= STEADY) throw new Error(`--nodes is more than ${STEADY}`);
    this.#options = options;
    this.#probes = join(options.folder, 'probes');
  }

  /** Starts all nodes and waits until each has a few blocks. */
  async begin(): Promise<void> {
    const { folder, nodes, blockMs } = this.#options;
    mkdirSync(this.#probes);
    const shape = { nodes, consensus: 'poa', blockMs } as const;
    const plan = await planCluster(join(folder, 'network'), shape, Date.now());
    if (!plan.ok) throw new Error(plan.error.message);
    // The nodes inherit the environment; they are real ones in everything else.
    process.env[PROBE_FOLDER] = this.#probes;
    process.env['NODE_OPTIONS'] = `--import=${new URL('./soak-probe.testing.ts', import.meta.url).href}`;
    const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    this.#cluster = new Cluster(plan.value, { program, restarts: true, log: 'warn' });
    this.#cluster.start();
    await this.#until('every node has two blocks', () => this.#lowest() >= 2);
    const [first] = this.#reports;
    if (first?.status === undefined) throw new Error('the first node does not answer');
    this.#traffic = new SoakTraffic(first.status.chainId, first.status.addressPrefix);
  }

  /** Payments and churn until the time is up. */
  async load(): Promise<void> {
    this.#startMs = performance.now();
    this.#churnedMs = this.#startMs;
    const endMs = this.#startMs + this.#options.minutes * 60_000;
    for (let round = 0; performance.now() < endMs; round++) {
      const nextMs = performance.now() + LOOK_MS;
      await this.#look();
      this.#take();
      const { url } = this.#reports[round % STEADY] as NodeReport;
      await this.#traffic?.round(url);
      this.#churn();
      this.#tell();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextMs - performance.now())));
    }
  }

  /** Judges, once all nodes are back and agree. */
  async end(): Promise<SoakReport> {
    const endMs = performance.now();
    await this.#until('all nodes are back', () => this.#reports.every(({ status }) => status !== undefined));
    const height = this.#lowest();
    const agreed = { height: Math.max(1, height - AGREED_DEPTH), id: '' };
    await this.#until('all nodes agree', async () => {
      agreed.id = (await this.#cluster?.commonBlock(agreed.height)) ?? '';
      return agreed.id !== '';
    });
    const steady = this.#reports.slice(0, STEADY).map(({ name }): SteadyNode => {
      const samples = this.#samples.get(name) ?? [];
      return { name, samples: samples.length, trends: judgeSoak(samples, this.#startMs, endMs) };
    });
    const trends = steady.flatMap((node) => node.trends ?? []);
    const isFlat = steady.every((node) => node.trends !== undefined) && trends.every((trend) => trend.isFlat);
    const { sent: transactions = 0, refused = 0 } = this.#traffic ?? {};
    const { minutes } = this.#options;
    const churn = { stops: this.#stops, kills: this.#kills };
    return { isFlat, minutes, height, transactions, refused, ...churn, agreed, steady };
  }

  async stop(): Promise<void> {
    await this.#cluster?.stop();
  }

  async #look(): Promise<void> {
    this.#reports = (await this.#cluster?.report()) ?? [];
    const lost = this.#cluster?.lost;
    if (lost !== undefined) throw new Error(`${lost} could not be kept running`);
  }

  /** Takes what the nodes have written down since the last time. */
  #take(): void {
    for (const { name, pid, status } of this.#reports) {
      const probe = pid === undefined ? undefined : this.#read(pid);
      if (probe === undefined || status === undefined) continue;
      const samples = this.#samples.get(name) ?? [];
      const last = samples.at(-1)?.probe;
      if (last?.pid === probe.pid && last.upMs === probe.upMs) continue;
      const sample = {
        atMs: performance.now(),
        height: status.head.height,
        logBytes: { chain: this.#logBytes(name, 'chain'), index: this.#logBytes(name, 'index') },
        probe,
      };
      samples.push(sample);
      this.#samples.set(name, samples);
      appendFileSync(join(this.#options.folder, `${name}.jsonl`), `${JSON.stringify(sample)}\n`);
    }
  }

  /** What a store of a node has in its logs; a log may be gone before it is measured. Only one node has an index. */
  #logBytes(name: string, store: 'chain' | 'index'): number {
    const folder = join(this.#options.folder, 'network', name, store);
    if (!existsSync(folder)) return 0;
    const logs = readdirSync(folder).filter((file) => /^\d+\.log$/.test(file));
    const sizes = logs.map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0);
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #read(pid: number): ProbeSample | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#probes, probeFiles(pid).process), 'utf8')) as ProbeSample;
    } catch {
      // It has just begun.
      return undefined;
    }
  }

  /** Stops the nodes that do not stay in turn, each second time without a word. */
  #churn(): void {
    const moving = this.#reports.slice(STEADY);
    const everyMs = (this.#options.minutes * 60_000) / (STOPS_PER_NODE_MAX * moving.length);
    if (performance.now() - this.#churnedMs < Math.max(CHURN_MS_MIN, everyMs)) return;
    const count = this.#stops + this.#kills;
    const { pid, status } = moving[count % moving.length] as NodeReport;
    if (pid === undefined || status === undefined) return;
    this.#churnedMs = performance.now();
    // Each node is killed and stopped by turns, whatever their number.
    const isKill = ((count % moving.length) + Math.floor(count / moving.length)) % 2 === 0;
    process.kill(pid, isKill ? 'SIGKILL' : 'SIGTERM');
    if (isKill) this.#kills += 1;
    else this.#stops += 1;
  }

  #tell(): void {
    const { minutes, progress } = this.#options;
    const seconds = Math.round((performance.now() - this.#startMs) / 1000);
    const last = this.#samples.get('node-0')?.at(-1)?.probe;
    const mib = (bytes = 0): string => (bytes / 2 ** 20).toFixed(0);
    const label = [
      `height ${this.#reports[0]?.status?.head.height ?? 0}, ${this.#traffic?.sent ?? 0} payments`,
      `${this.#stops} stops, ${this.#kills} kills`,
      `heap ${mib(last?.heap)} MiB, index ${mib(last?.index)} MiB, RSS ${mib(last?.rss)} MiB, ${last?.files ?? 0} files`,
    ];
    progress?.(seconds, Math.round(minutes * 60), label.join('; '));
  }

  #lowest(): number {
    return Math.min(...this.#reports.map(({ status }) => status?.head.height ?? 0));
  }

  async #until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    for (;;) {
      await this.#look();
      if (await holds()) return;
      if (performance.now() > endMs) throw new Error(`not in time: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
