import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { parseBlock } from '@calin/core/primitives/block.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';
import { type AttackProcess, type AttackReport, startAttackProcess } from './attack/attack-process.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import type { ChainFile } from './chain/chain-file.ts';
import { type BenchChain, obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { median, round } from './measure/numbers.ts';
import { sharedMs } from './measure/shared-clock.ts';
import { type FloodFigures, type FloodProcess, startFloodProcess } from './node/flood-process.ts';
import { withFolder } from './node/with-folder.ts';

/** How much longer a block takes to all honest nodes while one of them is attacked by many. */
export const bench: Bench = {
  name: 'flood',
  summary: 'Blocks of a small network over libp2p while attackers flood one of its nodes.',
  options: {
    nodes: { summary: 'Honest nodes, each a process of its own', default: 4 },
    attackers: { summary: 'Peers that attack the first of them at full speed', default: 20 },
    blocks: { summary: 'Blocks measured in peace, and as many under attack', default: 40 },
    transfers: { summary: 'Transfers in each block, 248 bytes each', default: 500 },
    'warm-up': { summary: 'Blocks before the measured ones, while the code is compiled', default: 10 },
    gap: { summary: 'Milliseconds from one block to the next', default: 500 },
    patience: { summary: 'Seconds that the attack goes on after that, until all are banned', default: 60 },
  },
  run,
};

/** Transfers handed to a pool at a time: as many as one request of a client has. */
const SUBMIT = 500;

/** Time for the other attackers to get going. */
const ATTACK_MS = 1000;

/** Time after the attack, in which what is left of it is cleared away. */
const REST_MS = 3000;

/** Looks at the victim while it is attacked. */
const QUARTERS = 4;

interface Settings {
  readonly nodes: number;
  readonly attackers: number;
  readonly blocks: number;
  readonly transfers: number;
  readonly gap: number;
  readonly 'warm-up': number;
  readonly patience: number;
}

/** What was measured while some blocks were sent: milliseconds of each. */
interface Phase {
  /** From a transfer's being handed to one node until all have them in their pools. */
  readonly pools: readonly number[];
  /** From a block's being handed to its maker until all have it on disk. */
  readonly delays: readonly number[];
}

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const names = ['nodes', 'attackers', 'blocks', 'transfers', 'warm-up', 'gap', 'patience'] as const;
  const settings = Object.fromEntries(names.map((name) => [name, Number(options[name])]));
  return measure(settings as unknown as Settings, progress);
}

async function measure(
  settings: Settings,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const { nodes, blocks, transfers, 'warm-up': warmUp } = settings;
  assert(blocks % QUARTERS === 0, '--blocks is a multiple of 4');
  const all = 2 * blocks + warmUp;
  const size = { coins: all * transfers, blocks: all, transfers, respend: false };
  const chain = await obtainChain(size, { fresh: false }, progress);
  return withFolder(async (folder) => {
    const honest: FloodProcess[] = [];
    let attack: AttackProcess | undefined;
    try {
      for (let i = 0; i < nodes; i++) {
        progress(i, nodes, 'starting the nodes');
        const path = join(folder, `node-${i}`);
        mkdirSync(path);
        honest.push(await startFloodProcess({ folder: path, chain: chain.folder, size }));
      }
      const network = new Network(honest, chain, settings);
      await network.connect();
      await network.send(warmUp, progress);
      const victim = honest[0] as FloodProcess;
      const start = await victim.figures();
      const peace = await network.send(blocks, progress);
      const before = await victim.figures();
      attack = await startAttackProcess({ ...network.target, attackers: settings.attackers });
      const attackedMs = sharedMs();
      await sleep(ATTACK_MS);
      const quarters: FloodFigures[] = [];
      const phases: Phase[] = [];
      for (let i = 0; i < QUARTERS; i++) {
        phases.push(await network.send(blocks / QUARTERS, progress));
        quarters.push(await victim.figures());
      }
      await untilBanned(victim, settings, progress);
      const done = await attack.stop();
      attack = undefined;
      await sleep(REST_MS);
      const after = await victim.figures();
      return report(settings, {
        peace,
        attacked: joined(phases),
        start,
        before,
        quarters,
        after,
        done,
        attackedMs,
      });
    } finally {
      attack?.close();
      for (const node of honest) node.close();
    }
  });
}

/** Waits until the victim has banned every attacker, or for as long as there is patience. */
async function untilBanned(
  victim: FloodProcess,
  { attackers, patience }: Settings,
  progress: BenchProgress,
): Promise<void> {
  const endMs = sharedMs() + 1000 * patience;
  while (sharedMs() < endMs) {
    const { banned } = await victim.figures();
    if (banned.length >= attackers) return;
    progress(banned.length, attackers, 'waiting for bans');
    await sleep(1000);
  }
}

/** The honest nodes, and the chain that they are given. */
class Network {
  readonly #nodes: readonly FloodProcess[];
  readonly #chain: BenchChain;
  readonly #file: ChainFile;
  readonly #settings: Settings;
  readonly #ids: Hash[] = [];
  #header: Header | undefined;
  #made = 0;

  constructor(nodes: readonly FloodProcess[], chain: BenchChain, settings: Settings) {
    this.#nodes = nodes;
    this.#chain = chain;
    this.#file = chain.open();
    this.#settings = settings;
    for (let i = 0; i < this.#file.about.fanOutBlocks; i++) this.#keep(this.#parse(this.#file.next()).header);
  }

  /** What attackers are told. */
  get target() {
    assert(this.#header !== undefined, 'a chain with blocks');
    const scene = { header: this.#header, blockIds: this.#ids.slice(0, 64) };
    return { address: this.#nodes[0]?.address ?? '', chainId: toHex(this.#chainId), scene };
  }

  /** The others connect to the first; they may find one another. */
  async connect(): Promise<void> {
    const [first, ...others] = this.#nodes;
    for (const node of others) node.tell({ kind: 'dial', address: first?.address ?? '' });
    for (let waits = 0; ; waits++) {
      const figures = await Promise.all(this.#nodes.map((node) => node.figures()));
      if (figures.every(({ peers }) => peers > 0)) return;
      assert(waits < 900, 'all nodes have a peer within ninety seconds');
      await sleep(100);
    }
  }

  /** Sends blocks one after the other, whose transfers go to the pools first. The nodes make them in turn. */
  async send(count: number, progress: BenchProgress): Promise<Phase> {
    const pools: number[] = [];
    const delays: number[] = [];
    for (let i = 0; i < count; i++) {
      progress(i, count, 'sending blocks');
      const startMs = sharedMs();
      const maker = this.#nodes[this.#made % this.#nodes.length] as FloodProcess;
      const bytes = this.#file.next();
      const block = this.#parse(bytes);
      pools.push(await this.#fillPools(block.transactions.slice(1).map((transaction) => transaction.bytes)));
      const givenMs = sharedMs();
      maker.tell({ kind: 'import', bytes });
      const { height } = block.header;
      const times = await Promise.all(this.#nodes.map((node) => node.whenHead(height)));
      delays.push(Math.max(...times) - givenMs);
      await Promise.all(this.#nodes.map((node) => node.whenPool(0)));
      this.#keep(block.header);
      this.#made += 1;
      await sleep(Math.max(0, this.#settings.gap - (sharedMs() - startMs)));
    }
    return { pools, delays };
  }

  /** Hands transfers to the node after the next maker; how long it takes until all have them. */
  async #fillPools(transfers: readonly Uint8Array[]): Promise<number> {
    const node = this.#nodes[(this.#made + 1) % this.#nodes.length] as FloodProcess;
    const givenMs = sharedMs();
    for (let at = 0; at < transfers.length; at += SUBMIT) {
      node.tell({ kind: 'submit', transactions: transfers.slice(at, at + SUBMIT) });
    }
    await Promise.all(this.#nodes.map((each) => each.whenPool(transfers.length)));
    return sharedMs() - givenMs;
  }

  get #chainId(): Hash {
    return createGenesis(this.#chain.spec).block.id;
  }

  #parse(bytes: Uint8Array) {
    const block = parseBlock(bytes, this.#chainId);
    assert(block.ok, 'a block of the chain');
    return block.value;
  }

  #keep(header: Header): void {
    this.#header = header;
    this.#ids.push(headerId(header));
  }
}

function joined(phases: readonly Phase[]): Phase {
  const [pools, delays] = [phases.flatMap((phase) => phase.pools), phases.flatMap((phase) => phase.delays)];
  return { pools, delays };
}

interface Outcome {
  readonly peace: Phase;
  readonly attacked: Phase;
  readonly start: FloodFigures;
  readonly before: FloodFigures;
  /** After each quarter of the blocks under attack. */
  readonly quarters: readonly FloodFigures[];
  readonly after: FloodFigures;
  readonly done: AttackReport;
  /** When the first attacker was at work. */
  readonly attackedMs: number;
}

function report(settings: Settings, outcome: Outcome): Readonly<Record<string, unknown>> {
  const { peace, attacked, start, before, quarters, after, done, attackedMs } = outcome;
  const banned = new Map(after.banned.map(({ peer, atMs }) => [peer, atMs - attackedMs]));
  const attacks = Object.entries(done).map(([name, { peers, links, shots, bytes }]) => {
    const out = peers.filter((peer) => banned.has(peer)).length;
    const bannedMs = lastOf(peers, banned);
    return [name, { attackers: peers.length, banned: out, bannedMs, links, shots, mib: mib(bytes) }] as const;
  });
  const delayMs = median(peace.delays);
  const attackedDelayMs = median(attacked.delays);
  const counts = Object.values(done);
  const sum = (key: 'links' | 'ends' | 'shots' | 'bytes') =>
    counts.reduce((all, count) => all + count[key], 0);
  return {
    bench: 'flood',
    // Of the goal: less than twice as long.
    ratio: round((2 * delayMs) / attackedDelayMs, 3),
    delayMs: round(delayMs, 1),
    attackedDelayMs: round(attackedDelayMs, 1),
    delayP95Ms: round(p95(peace.delays), 1),
    attackedDelayP95Ms: round(p95(attacked.delays), 1),
    poolMs: round(median(peace.pools), 1),
    attackedPoolMs: round(median(attacked.pools), 1),
    banned: banned.size,
    bannedMs: lastOf(
      counts.flatMap(({ peers }) => peers),
      banned,
    ),
    peersAfter: after.peers,
    heapMibBefore: mib(before.heap),
    heapMibAttacked: quarters.map(({ heap }) => mib(heap)),
    heapMibAfter: mib(after.heap),
    externalMibBefore: mib(before.external),
    externalMibAfter: mib(after.external),
    rssMibStart: mib(start.rss),
    rssMibBefore: mib(before.rss),
    rssMibAttacked: quarters.map(({ rss }) => mib(rss)),
    rssMibAfter: mib(after.rss),
    rssMibMax: mib(after.rssMax),
    cpuShare: share(start, before),
    attackedCpuShare: share(before, quarters.at(-1) ?? before),
    heardFrames: after.frames - before.frames,
    heardMib: mib(after.bytes - before.bytes),
    links: sum('links'),
    ends: sum('ends'),
    shots: sum('shots'),
    shotMib: mib(sum('bytes')),
    attacks: Object.fromEntries(attacks),
    ...settings,
    ...machine(),
  };
}

/** When the last of some peers was banned; null while one of them is not. */
function lastOf(peers: readonly string[], banned: ReadonlyMap<string, number>): number | null {
  const times = peers.map((peer) => banned.get(peer) ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...times);
  return Number.isFinite(last) ? Math.round(last) : null;
}

const mib = (bytes: number): number => round(bytes / 2 ** 20, 1);

/** The share of one core that a node took between two looks. */
function share(from: FloodFigures, to: FloodFigures): number {
  return round((to.cpuMs - from.cpuMs) / (to.atMs - from.atMs), 3);
}

function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] as number;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
