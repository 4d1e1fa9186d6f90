import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import { parseBlock } from '@calin/core/primitives/block.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { type BenchChain, obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { median, round } from './measure/numbers.ts';
import { sharedMs } from './measure/shared-clock.ts';
import { type BenchNode, openBenchNode } from './node/bench-node.ts';
import { feedBlocks } from './node/feed-blocks.ts';
import { type HeadReport, type RelayProcess, startRelayProcess } from './node/relay-process.ts';
import { withFolder } from './node/with-folder.ts';

/** From one node that has a block to others, each a process of its own. */
export const bench: Bench = {
  name: 'network-relay',
  summary: 'A block of signed transfers from one node to its peers over libp2p, until all have applied it.',
  options: {
    peers: { summary: 'Nodes that get the blocks', default: 4 },
    blocks: { summary: 'Blocks that are measured, and as many for the bound', default: 12 },
    shape: {
      summary: 'Who owns a coin: key (248 bytes a transfer) or multisig, 8 of 16 (1,176)',
      default: 'key',
    },
    transfers: { summary: 'Transfers in each block; as many as are 1 MB when it is 0', default: 0 },
    'warm-up': { summary: 'Blocks before the measured ones, while the code is compiled', default: 6 },
    rest: {
      summary: 'Milliseconds before each block; news of transactions is gathered for up to 500',
      default: 700,
    },
    'empty-pools': { summary: 'The peers do not have the transfers in their pools', default: false },
  },
  run,
};

/** Transfers that are 1 MB. */
const MEGABYTE = { key: 4200, multisig: 890 } as const;

/** Transfers handed to the pool at a time: as many as one request of a client has. */
const SUBMIT = 500;

/** Milliseconds from the block being given. */
interface Sample {
  /** To the first and to the last of the peers getting the compact block; 0 where they import at once. */
  readonly firstArrived: number;
  readonly arrived: number;
  /** To the first of the peers having applied it, and to the last. */
  readonly first: number;
  readonly applied: number;
  /** To the last of the peers having it on disk. */
  readonly disk: number;
  /** To the source having it on disk itself. */
  readonly source: number;
  /** Processor time of one peer, of its main thread and of its steps, on average. */
  readonly cpu: number;
  readonly main: number;
  readonly steps: number;
  readonly bytes: number;
}

/** The node that has the blocks, and those that get them. */
interface Scene {
  readonly node: BenchNode;
  readonly next: () => Uint8Array;
  readonly receivers: readonly RelayProcess[];
  /** How long all rest before a block, so that what the pools were filled with is no longer on its way. */
  readonly restMs: number;
}

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const [peers, blocks, asked, warmUp] = ['peers', 'blocks', 'transfers', 'warm-up'].map((name) =>
    Number(options[name]),
  ) as [number, number, number, number];
  const shape = shapeOf(options['shape']);
  const transfers = asked === 0 ? MEGABYTE[shape] : asked;
  const hasEmptyPools = options['empty-pools'] === true;
  const all = blocks + warmUp;
  const multisig = shape === 'multisig';
  const size = { coins: 2 * all * transfers, blocks: 2 * all, transfers, respend: false, multisig };
  const chain = await obtainChain(size, { fresh: false }, progress);
  return withFolder(async (folder) => {
    const receivers: RelayProcess[] = [];
    const source = await openSource(join(folder, 'source'), chain);
    try {
      for (let i = 0; i < peers; i++) {
        progress(i, peers, 'starting the peers');
        const path = join(folder, `peer-${i}`);
        mkdirSync(path);
        receivers.push(await startRelayProcess({ folder: path, chain: chain.folder, size }));
      }
      const scene = { ...source, receivers, restMs: Number(options['rest']) };
      const measure = async (label: string, one: () => Promise<Sample>): Promise<readonly Sample[]> => {
        const samples: Sample[] = [];
        for (let i = 0; i < all; i++) {
          progress(i, all, label);
          samples.push(await one());
        }
        return samples.slice(warmUp);
      };
      const alone = await measure('importing at once', () => importAtOnce(scene));
      const address = source.node.network?.listening[0] ?? '';
      await Promise.all(receivers.map((receiver) => receiver.tell({ kind: 'dial', address })));
      const sent = await measure('sending blocks', () => send(scene, hasEmptyPools));
      return report({ alone, sent }, { peers, blocks, shape, transfers, 'warm-up': warmUp, hasEmptyPools });
    } finally {
      for (const receiver of receivers) receiver.close();
      await source.close();
    }
  });
}

function shapeOf(option: BenchOptions[string] | undefined): keyof typeof MEGABYTE {
  if (option === 'key' || option === 'multisig') return option;
  throw new Error(`--shape is key or multisig, not ${option}`);
}

interface Source extends Pick<Scene, 'node' | 'next'> {
  close(): Promise<void>;
}

async function openSource(folder: string, chain: BenchChain): Promise<Source> {
  mkdirSync(folder);
  const { spec } = chain;
  const node = await openBenchNode({ spec, folder, index: false, verified: false, isNetworked: true });
  const file = chain.open();
  await feedBlocks(node, file, file.about.fanOutBlocks);
  const started = await node.network?.start();
  assert(started?.ok === true, 'a network that listens on the loopback');
  const close = async (): Promise<void> => {
    file.close();
    await node.stop();
  };
  return { node, next: () => file.next(), close };
}

/** All nodes import a block of checked transactions that each of them has, with nothing to send: the bound. */
async function importAtOnce(scene: Scene): Promise<Sample> {
  const { node, next, receivers } = scene;
  const bytes = next();
  node.know(bytes);
  await tellAll(receivers, 'read');
  await rest(scene);
  return give(node, receivers, bytes, () => void tellAll(receivers, 'import'));
}

async function send(scene: Scene, hasEmptyPools: boolean): Promise<Sample> {
  const { node, next, receivers } = scene;
  const bytes = next();
  const { transactions } = parsed(node, bytes);
  const transfers = transactions.slice(1).map((transaction) => transaction.bytes);
  if (!hasEmptyPools) {
    for (let at = 0; at < transfers.length; at += SUBMIT) await node.submit(transfers.slice(at, at + SUBMIT));
    await Promise.all(receivers.map((receiver) => receiver.whenPool(transfers.length)));
  }
  await rest(scene);
  await tellAll(receivers, 'mark');
  const sample = await give(node, receivers, bytes);
  if (!hasEmptyPools) await Promise.all(receivers.map((receiver) => receiver.whenPool(0)));
  return sample;
}

function rest({ restMs }: Scene): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, restMs));
}

/** Gives a block to the first node, and waits until all have it on disk. */
async function give(
  node: BenchNode,
  receivers: readonly RelayProcess[],
  bytes: Uint8Array,
  also: () => void = () => {},
): Promise<Sample> {
  const { height } = parsed(node, bytes).header;
  const heads = Promise.all(receivers.map((receiver) => receiver.whenHead(height)));
  const givenMs = sharedMs();
  also();
  await node.importBlock(bytes);
  const source = sharedMs() - givenMs;
  return sampleOf(await heads, givenMs, source, bytes.length);
}

function sampleOf(heads: readonly HeadReport[], givenMs: number, source: number, bytes: number): Sample {
  const onDisk = heads.map(({ atMs }) => atMs - givenMs);
  const arrived = heads.map(({ arrivedMs }) => arrivedMs - givenMs);
  const applied = heads.map(({ appliedMs }) => appliedMs - givenMs);
  const mean = (key: 'cpuMs' | 'mainMs' | 'stepsMs'): number =>
    heads.reduce((sum, head) => sum + head[key], 0) / heads.length;
  return {
    firstArrived: Math.max(0, Math.min(...arrived)),
    arrived: Math.max(0, ...arrived),
    first: Math.min(...applied),
    applied: Math.max(...applied),
    disk: Math.max(...onDisk),
    source,
    cpu: mean('cpuMs'),
    main: mean('mainMs'),
    steps: mean('stepsMs'),
    bytes,
  };
}

function parsed(node: BenchNode, bytes: Uint8Array) {
  const block = parseBlock(bytes, node.node.chain.chainId);
  assert(block.ok, 'a block of the chain');
  return block.value;
}

async function tellAll(receivers: readonly RelayProcess[], kind: 'read' | 'import' | 'mark'): Promise<void> {
  await Promise.all(receivers.map((receiver) => receiver.tell({ kind })));
}

function report(
  { alone, sent }: { readonly alone: readonly Sample[]; readonly sent: readonly Sample[] },
  options: BenchOptions,
): Readonly<Record<string, unknown>> {
  const p50 = (samples: readonly Sample[], key: keyof Sample): number =>
    round(median(samples.map((sample) => sample[key])), 1);
  const applied = sent.map((sample) => sample.applied).toSorted((a, b) => a - b);
  return {
    bench: 'network-relay',
    ratio: round(p50(alone, 'applied') / p50(sent, 'applied'), 3),
    cpuRatio: round(p50(alone, 'main') / p50(sent, 'main'), 3),
    p50Ms: p50(sent, 'applied'),
    p95Ms: round(applied[Math.min(applied.length - 1, Math.floor(applied.length * 0.95))] as number, 1),
    firstArrivedP50Ms: p50(sent, 'firstArrived'),
    arrivedP50Ms: p50(sent, 'arrived'),
    firstP50Ms: p50(sent, 'first'),
    diskP50Ms: p50(sent, 'disk'),
    sourceDiskP50Ms: p50(sent, 'source'),
    boundMs: p50(alone, 'applied'),
    boundDiskMs: p50(alone, 'disk'),
    peerCpuMs: p50(sent, 'cpu'),
    peerMainCpuMs: p50(sent, 'main'),
    peerStepsCpuMs: p50(sent, 'steps'),
    boundCpuMs: p50(alone, 'cpu'),
    boundMainCpuMs: p50(alone, 'main'),
    boundStepsCpuMs: p50(alone, 'steps'),
    blockBytes: Math.round(median(sent.map(({ bytes }) => bytes))),
    ...options,
    ...machine(),
  };
}
