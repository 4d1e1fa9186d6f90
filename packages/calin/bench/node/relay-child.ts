/**
 * A process of its own that gets blocks from its parent over libp2p. Its argument is a {@link RelayOrder} as JSON. It
 * imports the blocks before the measured ones, connects, and tells of its pool and of its heads until its parent ends
 * it.
 */
import { assert } from '@calin/core/base/assert.ts';
import { benchSpec } from '../chain/bench-spec.ts';
import { ChainFile } from '../chain/chain-file.ts';
import { sharedMs } from '../measure/shared-clock.ts';
import { openBenchNode } from './bench-node.ts';
import { feedBlocks } from './feed-blocks.ts';
import type { RelayMessage, RelayOrder } from './relay-process.ts';

/** How often the pool is looked at while transactions come in. */
const LOOK_MS = 25;

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
/** When transactions were last seen to come in. */
let filledMs = 0;

const order = JSON.parse(process.argv[2] ?? '') as RelayOrder;
const tell = (message: RelayMessage): void => void process.send?.(message);

const node = await openBenchNode({
  spec: benchSpec(order.size),
  folder: order.folder,
  index: false,
  verified: false,
  isNetworked: true,
  notify: (notification) => {
    if (notification.kind !== 'head') return;
    const { height } = notification.head.header;
    tell({ kind: 'head', height, atMs: sharedMs(), cpuMs: processorMs() - filledMs });
  },
});
const file = new ChainFile(order.chain);
await feedBlocks(node, file, file.about.fanOutBlocks);
file.close();
const started = await node.network?.start();
assert(started?.ok === true, 'a network that listens on the loopback');
node.dial(order.address);
while (node.node.p2p?.peers.size !== 1) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
tell({ kind: 'ready' });
let told = 0;
setInterval(() => {
  const { size } = node.node.mempool;
  if (size === told) return;
  // A block that empties the pool is not on disk yet.
  if (size > told) filledMs = processorMs();
  told = size;
  tell({ kind: 'pool', size });
}, LOOK_MS);
process.once('disconnect', () => process.exit());
