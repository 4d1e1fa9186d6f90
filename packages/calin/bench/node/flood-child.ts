/**
 * A process of its own: an honest node that does what its parent tells it by {@link FloodCommand}, and tells of its
 * pool and its heads. Its argument is a {@link FloodOrder} as JSON.
 */
import { BAN_MS } from '@calin/core/p2p/peers/limits.ts';
import { benchSpec } from '../chain/bench-spec.ts';
import { ChainFile } from '../chain/chain-file.ts';
import { sharedMs } from '../measure/shared-clock.ts';
import { listen } from './bench-network.ts';
import { openBenchNode } from './bench-node.ts';
import { feedBlocks } from './feed-blocks.ts';
import type { FloodCommand, FloodFigures, FloodMessage, FloodOrder } from './flood-process.ts';

/** How often the pool is looked at. */
const LOOK_MS = 10;

const order = JSON.parse(process.argv[2] ?? '') as FloodOrder;
const tell = (message: FloodMessage): void => void process.send?.(message);

const node = await openBenchNode({
  spec: benchSpec(order.size),
  folder: order.folder,
  index: false,
  verified: false,
  isNetworked: true,
  notify: (notification) => {
    if (notification.kind !== 'head') return;
    tell({ kind: 'head', height: notification.head.header.height, atMs: sharedMs() });
  },
});
const file = new ChainFile(order.chain);
await feedBlocks(node, file, file.about.fanOutBlocks);
file.close();
const { network, address } = await listen(node.network);

function figures(): FloodFigures {
  // Twice: what the first run finds dead may hold what the second one frees.
  for (let i = 0; i < 2; i++) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const { p2p, nowMs } = node.node;
  const traffic = [...(network.traffic.received.values() ?? [])];
  return {
    rss,
    rssMax: process.resourceUsage().maxRSS * 1024,
    heap: heapUsed,
    external,
    peers: p2p?.peers.size ?? 0,
    banned: (p2p?.connections.bans(nowMs) ?? []).map(({ target, untilMs }) => {
      const passedMs = nowMs - (untilMs - BAN_MS);
      return { peer: target, atMs: sharedMs() - passedMs };
    }),
    frames: traffic.reduce((sum, { messages }) => sum + messages, 0),
    bytes: traffic.reduce((sum, { bytes }) => sum + bytes, 0),
    atMs: sharedMs(),
    cpuMs: (user + system) / 1000,
  };
}

process.on('message', (command: FloodCommand) => {
  switch (command.kind) {
    case 'dial':
      return node.dial(command.address);
    case 'submit':
      return void node.submit(command.transactions);
    case 'import':
      return void node.importBlock(command.bytes);
    case 'figures':
      return tell({ kind: 'figures', figures: figures() });
  }
});
let told = 0;
setInterval(() => {
  const { size } = node.node.mempool;
  if (size !== told) tell({ kind: 'pool', size });
  told = size;
}, LOOK_MS);
process.once('disconnect', () => process.exit());
tell({ kind: 'ready', address });
