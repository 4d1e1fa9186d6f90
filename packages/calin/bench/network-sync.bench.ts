import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { type BenchChain, obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { type ThreadReport, watchThread } from './measure/watch-thread.ts';
import { type BenchNode, openBenchNode } from './node/bench-node.ts';
import { feedBlocks } from './node/feed-blocks.ts';
import { startServingProcess } from './node/serving-process.ts';
import { withFolder } from './node/with-folder.ts';

/** Syncs from one node over libp2p, beside an import of the same blocks that are at hand. */
export const bench: Bench = {
  name: 'network-sync',
  summary:
    'A node that gets blocks of signed transfers from another one over libp2p, against its own import.',
  options: {
    coins: { summary: 'Coins in the state at the start', default: 100_000 },
    blocks: { summary: 'Blocks that are measured', default: 20 },
    transfers: { summary: 'Transfers in each block, 1 input and 2 outputs each', default: 5000 },
    'warm-up': { summary: 'Blocks of transfers that are imported before the measured ones', default: 2 },
  },
  run,
};

interface Run {
  readonly wallMs: number;
  readonly thread: ThreadReport;
}

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const [coins, blocks, transfers] = [options['coins'], options['blocks'], options['transfers']].map(
    Number,
  ) as [number, number, number];
  const warmUp = Number(options['warm-up']);
  const size = { coins, blocks: blocks + warmUp, transfers, respend: true };
  const chain = await obtainChain(size, { fresh: false }, progress);
  return withFolder(async (folder) => {
    const path = join(folder, 'server');
    mkdirSync(path);
    const server = await startServingProcess({ folder: path, chain: chain.folder, size }, progress);
    try {
      const local = await measure(join(folder, 'local'), chain, warmUp, (node, file) =>
        feedBlocks(node, file, blocks, (done) => progress(done, blocks, 'importing')),
      );
      const servedFrom = await server.cpuMs();
      let fed = 0;
      const synced = await measure(join(folder, 'sync'), chain, warmUp, async (node) => {
        fed = await sync(node, server.address, blocks, progress);
      });
      const servedCpuMs = (await server.cpuMs()) - servedFrom;
      const perSecond = ({ wallMs }: Run) => Math.round((blocks * transfers * 1000) / wallMs);
      return {
        bench: 'network-sync',
        ratio: round(local.wallMs / synced.wallMs, 3),
        cpuRatio: round(local.thread.cpuMs / synced.thread.cpuMs, 3),
        fedShare: round(fed, 3),
        transfersPerSecond: perSecond(synced),
        importedPerSecond: perSecond(local),
        mainCpuUsPerTransfer: round((synced.thread.mainCpuMs * 1000) / (blocks * transfers), 2),
        importMainCpuUsPerTransfer: round((local.thread.mainCpuMs * 1000) / (blocks * transfers), 2),
        servingCpuUsPerTransfer: round((servedCpuMs * 1000) / (blocks * transfers), 2),
        cpuUsPerTransfer: round((synced.thread.cpuMs * 1000) / (blocks * transfers), 2),
        eventLoopP999Ms: round(synced.thread.eventLoopP999Ms, 1),
        eventLoopMaxMs: round(synced.thread.eventLoopMaxMs, 1),
        importEventLoopMaxMs: round(local.thread.eventLoopMaxMs, 1),
        coins,
        blocks,
        transfers,
        ...machine(),
      };
    } finally {
      server.close();
    }
  });
}

/** Brings a new node to the first measured block, and measures how it gets the others. */
async function measure(
  folder: string,
  chain: BenchChain,
  warmUp: number,
  work: (node: BenchNode, file: ReturnType<BenchChain['open']>) => Promise<void>,
): Promise<Run> {
  mkdirSync(folder);
  const node = await openBenchNode({
    spec: chain.spec,
    folder,
    index: false,
    verified: false,
    isNetworked: true,
  });
  const file = chain.open();
  try {
    await feedBlocks(node, file, file.about.fanOutBlocks + warmUp);
    const started = await node.network?.start();
    assert(started?.ok === true, 'a network that listens on the loopback');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const report = watchThread();
    const startMs = performance.now();
    await work(node, file);
    await node.whenDurable();
    const wallMs = performance.now() - startMs;
    assert(
      node.node.chain.head.height === file.about.fanOutBlocks + file.about.blocks,
      'the last block is the head',
    );
    return { wallMs, thread: report() };
  } finally {
    file.close();
    await node.stop();
  }
}

/** Connects, and waits for the last block; the share of the looks at it that found the node with a block to work on. */
async function sync(
  node: BenchNode,
  address: string,
  blocks: number,
  progress: BenchProgress,
): Promise<number> {
  const { chain, p2p } = node.node;
  const start = chain.head.height;
  let [looks, fed] = [0, 0];
  node.dial(address);
  for (let done = 0; done < blocks; done = chain.head.height - start) {
    progress(done, blocks, 'syncing');
    await new Promise((resolve) => setTimeout(resolve, 5));
    looks += 1;
    if ((p2p?.sync.progress.heldBytes ?? 0) > 0) fed += 1;
  }
  return fed / looks;
}
