import { join } from 'node:path';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { type BenchChain, obtainChain } from './chain/obtain-chain.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { measureStore, type StoreSize } from './measure/store-size.ts';
import { openBenchNode } from './node/bench-node.ts';
import { feedBlocks } from './node/feed-blocks.ts';
import { withFolder } from './node/with-folder.ts';

/** Bytes of a transfer of one input and two outputs: what has to be kept at least. */
const TRANSFER_BYTES = 248;

/**
 * Final blocks whose undo records are kept. A real node keeps more of them, but always as many: what they take does not
 * grow with the chain.
 */
const UNDO_BLOCKS = 1;

/**
 * Blocks of transfers in both stores: all that can still be undone (10 on a development chain) and those of which undo
 * records are kept, so that these are in both and cancel out.
 */
const LEAD_BLOCKS = 12;

/** What transfers take on disk, as the difference between two stores that have been stopped and compacted. */
export const bench: Bench = {
  name: 'disk',
  summary: 'Bytes that a simple transfer takes in the data folder, without and with the index.',
  options: {
    coins: { summary: 'Coins in the state at the start', default: 100_000 },
    blocks: { summary: 'Blocks', default: 20 },
    transfers: { summary: 'Transfers in each block, 1 input and 2 outputs each', default: 5000 },
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
  const size = { coins, blocks: blocks + LEAD_BLOCKS, transfers, respend: true };
  const chain = await obtainChain(size, { fresh: options['fresh'] === true }, progress);
  const plain = await growthOf(chain, { index: false, transfers: blocks * transfers }, progress);
  const indexed = await growthOf(chain, { index: true, transfers: blocks * transfers }, progress);
  return {
    bench: 'disk',
    bytesPerTransfer: round(plain.files, 1),
    bytesPerTransferWithIndex: round(indexed.files, 1),
    transferBytes: TRANSFER_BYTES,
    ratio: round(TRANSFER_BYTES / plain.files, 3),
    recordBytesPerTransfer: plain.records,
    recordBytesPerTransferWithIndex: indexed.records,
    coins,
    blocks,
    transfers,
    ...machine(),
  };
}

interface Growth {
  /** Bytes of files for each transfer. */
  readonly files: number;
  /** Bytes of keys and values for each transfer, by what they are, before LevelDB compresses them. */
  readonly records: Readonly<Record<string, number>>;
}

/** Two stores from scratch: a store that is opened again would hold two checkpoints of the state. */
async function growthOf(
  chain: BenchChain,
  { index, transfers }: { readonly index: boolean; readonly transfers: number },
  progress: BenchProgress,
): Promise<Growth> {
  const file = chain.open();
  const { fanOutBlocks, blocks } = file.about;
  file.close();
  const before = await storeOf(chain, index, fanOutBlocks + LEAD_BLOCKS, progress);
  const after = await storeOf(chain, index, fanOutBlocks + blocks, progress);
  const records: Record<string, number> = {};
  for (const [kind, bytes] of Object.entries(after.records)) {
    const each = round((bytes - (before.records[kind] ?? 0)) / transfers, 1);
    if (each > 0) records[kind] = each;
  }
  return { files: (after.fileBytes - before.fileBytes) / transfers, records };
}

/** The size of a store with the first blocks of a chain, after a clean stop. */
function storeOf(
  chain: BenchChain,
  index: boolean,
  blocks: number,
  progress: BenchProgress,
): Promise<StoreSize> {
  return withFolder(async (folder) => {
    const path = join(folder, 'chain');
    const node = await openBenchNode({
      spec: chain.spec,
      folder: path,
      index,
      verified: true,
      undoBlocks: UNDO_BLOCKS,
    });
    const file = chain.open();
    await feedBlocks(node, file, blocks, (done) => progress(done, blocks, 'importing'));
    file.close();
    await node.stop();
    return measureStore(path);
  });
}
