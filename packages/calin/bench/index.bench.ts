import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import type { RowChange } from '@calin/core/index/index-stage.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import { IndexFollower } from '../src/index/index-follower.ts';
import { nextStep } from '../src/index/index-source.ts';
import type { IndexStore } from '../src/index/index-store.ts';
import { LevelIndex } from '../src/index/level-index.ts';
import { PostgresIndex } from '../src/index/postgres-index.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { measureStore } from './measure/store-size.ts';
import { type BenchNode, openBenchNode } from './node/bench-node.ts';
import { feedBlocks } from './node/feed-blocks.ts';
import { withFolder } from './node/with-folder.ts';

/** What the full index of explorers costs for each transfer, next to writing the same rows alone. */
export const bench: Bench = {
  name: 'index',
  summary: 'Time and disk that the full index takes for a transfer, as a node that catches up has it.',
  options: {
    coins: { summary: 'Coins in the state at the start', default: 100_000 },
    blocks: { summary: 'Blocks', default: 20 },
    transfers: { summary: 'Transfers in each block, 1 input and 2 outputs each', default: 5000 },
    postgres: {
      summary: 'Address of a PostgreSQL database, to be measured in place of LevelDB',
      default: '',
    },
    fresh: { summary: 'Make the chain anew', default: false },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const coins = Number(options['coins']);
  const blocks = Number(options['blocks']);
  const transfers = Number(options['transfers']);
  const url = String(options['postgres']);
  const size = { coins, blocks, transfers, respend: true };
  const chain = await obtainChain(size, { fresh: options['fresh'] === true }, progress);
  return withFolder(async (folder) => {
    const node = await openBenchNode({
      spec: chain.spec,
      folder: join(folder, 'chain'),
      index: false,
      verified: true,
    });
    const file = chain.open();
    const { fanOutBlocks } = file.about;
    await feedBlocks(node, file, fanOutBlocks + blocks, (done) =>
      progress(done, fanOutBlocks + blocks, 'importing'),
    );
    file.close();
    const path = join(folder, 'index');
    const open = async (): Promise<IndexStore> =>
      url === '' ? LevelIndex.open(path) : PostgresIndex.open(url, node.node.chain.chainId);
    if (url !== '') await clear(await open());
    await follow(node, await open(), fanOutBlocks);
    const before = url === '' ? (await measureStore(path)).fileBytes : 0;
    const measured = await follow(node, await open(), fanOutBlocks + blocks);
    const after = url === '' ? (await measureStore(path)).fileBytes : 0;
    const boundMs = await writeAlone(join(folder, 'bound'), measured.commits);
    await node.stop();
    const count = blocks * transfers;
    return {
      bench: 'index',
      usPerTransfer: round((1_000 * measured.ms) / count, 2),
      cpuUsPerTransfer: round(measured.cpuUs / count, 2),
      nodeCpuUsPerBlock: round(measured.nodeCpuUs / blocks, 1),
      boundUsPerTransfer: round((1_000 * boundMs) / count, 2),
      ratio: round(boundMs / measured.ms, 3),
      rowsPerTransfer: round(measured.commits.reduce((sum, rows) => sum + rows.length, 0) / count, 2),
      ...(url === '' ? { bytesPerTransfer: round((after - before) / count, 1) } : {}),
      store: url === '' ? 'LevelDB' : 'PostgreSQL',
      coins,
      blocks,
      transfers,
      ...machine(),
    };
  });
}

interface Followed {
  readonly ms: number;
  /** Of all threads. */
  readonly cpuUs: number;
  /** What the main thread of a node does for it. */
  readonly nodeCpuUs: number;
  readonly commits: readonly (readonly RowChange[])[];
}

/** Follows the chain of a node up to a height, as the thread of an index does, and closes the store. */
async function follow({ node }: BenchNode, store: IndexStore, toHeight: number): Promise<Followed> {
  const { spec, chain } = node;
  const commits: (readonly RowChange[])[] = [];
  let nodeCpuUs = 0;
  const next = (after: Parameters<typeof nextStep>[1]) => {
    if (after?.height === toHeight) return Promise.resolve({ kind: 'wait' as const, headHeight: toHeight });
    const beganCpu = process.threadCpuUsage();
    const step = nextStep(node, after);
    const { user, system } = process.threadCpuUsage(beganCpu);
    nodeCpuUs += user + system;
    return Promise.resolve(step);
  };
  const follower: IndexFollower = new IndexFollower({
    spec,
    chainId: chain.chainId,
    hasher: createKernelHasher(),
    source: { next },
    store: recording(store, commits),
    log: { write: ({ message }) => assert(false, message) },
    changed: ({ state }) => state === 'following' && follower.close(),
  });
  const [beganMs, began] = [performance.now(), process.cpuUsage()];
  await follower.run();
  const { user, system } = process.cpuUsage(began);
  const ms = performance.now() - beganMs;
  await store.close();
  return { ms, cpuUs: user + system, nodeCpuUs, commits };
}

/** The store, with a list of what is committed. */
function recording(store: IndexStore, commits: (readonly RowChange[])[]): IndexStore {
  return {
    kind: store.kind,
    claim: () => store.claim(),
    read: (use) => store.read(use),
    commit(changes) {
      commits.push(changes);
      return store.commit(changes);
    },
    clear: () => store.clear(),
    close: () => store.close(),
  };
}

async function clear(store: IndexStore): Promise<void> {
  await store.claim();
  await store.clear();
  await store.close();
}

/** Writes the same rows to an empty store, which is the least that any index has to do. */
async function writeAlone(folder: string, commits: readonly (readonly RowChange[])[]): Promise<number> {
  const store = await LevelIndex.open(folder);
  const beganMs = performance.now();
  for (const changes of commits) await store.commit(changes);
  const ms = performance.now() - beganMs;
  await store.close();
  return ms;
}
