/**
 * A process of its own that holds a whole chain and gives it to whoever connects. Its argument is a
 * {@link ServingOrder} as JSON. It imports the chain, tells its parent how far it is and then its address, and goes on
 * until its parent ends it.
 */
import { benchSpec } from '../chain/bench-spec.ts';
import { ChainFile } from '../chain/chain-file.ts';
import { listen } from './bench-network.ts';
import { openBenchNode } from './bench-node.ts';
import { feedBlocks } from './feed-blocks.ts';
import type { ServingMessage, ServingOrder } from './serving-process.ts';

const order = JSON.parse(process.argv[2] ?? '') as ServingOrder;
const tell = (message: ServingMessage): void => void process.send?.(message);

const node = await openBenchNode({
  spec: benchSpec(order.size),
  folder: order.folder,
  index: false,
  verified: true,
  isNetworked: true,
});
const file = new ChainFile(order.chain);
const total = file.left;
await feedBlocks(node, file, total, (done) => tell({ kind: 'progress', done, total }));
file.close();
const { address } = await listen(node.network);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({ kind: 'cpu', cpuMs: (user + system) / 1000 });
});
tell({ kind: 'ready', address });
