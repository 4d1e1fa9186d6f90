/**
 * A process of its own that gets blocks from its parent over libp2p. Its argument is a {@link RelayOrder} as JSON. It
 * imports the blocks before the measured ones, does what it is told by {@link RelayCommand}, and tells of its pool and
 * of its heads until its parent ends it.
 */
import { benchSpec } from '../chain/bench-spec.ts';
import { ChainFile } from '../chain/chain-file.ts';
import { sharedMs } from '../measure/shared-clock.ts';
import { listen } from './bench-network.ts';
import { openBenchNode } from './bench-node.ts';
import { feedBlocks } from './feed-blocks.ts';
import type { RelayCommand, RelayMessage, RelayOrder } from './relay-process.ts';

/** How often the pool is looked at while transactions come in. */
const LOOK_MS = 25;

const order = JSON.parse(process.argv[2] ?? '') as RelayOrder;
const tell = (message: RelayMessage): void => void process.send?.(message);

/** Processor time of the process and of its main thread, in milliseconds. */
function usage(): { readonly cpuMs: number; readonly mainMs: number } {
  const [all, main] = [process.cpuUsage(), process.threadCpuUsage()];
  return { cpuMs: (all.user + all.system) / 1000, mainMs: (main.user + main.system) / 1000 };
}
let mark = usage();

const node = await openBenchNode({
  spec: benchSpec(order.size),
  folder: order.folder,
  index: false,
  verified: false,
  isNetworked: true,
  notify: (notification) => {
    if (notification.kind !== 'head') return;
    const [atMs, now] = [sharedMs(), usage()];
    const { height } = notification.head.header;
    const { headMs: appliedMs } = node.node;
    const { times, compactMs: arrivedMs = 0 } = node.node.takeReport();
    const stepsMs = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    const [cpuMs, mainMs] = [now.cpuMs - mark.cpuMs, now.mainMs - mark.mainMs];
    tell({ kind: 'head', height, atMs, arrivedMs, appliedMs, cpuMs, mainMs, stepsMs });
  },
});
const file = new ChainFile(order.chain);
await feedBlocks(node, file, file.about.fanOutBlocks);
await listen(node.network);
let block: Uint8Array = new Uint8Array(0);

async function obey(command: RelayCommand): Promise<void> {
  if (command.kind === 'import') return node.importBlock(block);
  if (command.kind === 'read') {
    block = file.next();
    node.know(block);
  }
  if (command.kind === 'dial') {
    node.dial(command.address);
    while (node.node.p2p?.peers.size === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  mark = usage();
  node.node.takeReport();
  tell({ kind: 'ready' });
}

process.on('message', (command: RelayCommand) => void obey(command));
tell({ kind: 'ready' });
let told = 0;
setInterval(() => {
  const { size } = node.node.mempool;
  if (size === told) return;
  told = size;
  tell({ kind: 'pool', size });
}, LOOK_MS);
process.once('disconnect', () => process.exit());
