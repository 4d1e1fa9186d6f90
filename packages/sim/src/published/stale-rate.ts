import { toHex } from '@calin/core/base/bytes.ts';
import { WORLD } from '../regions.ts';
import { BLOCK_HASHES, heightOf, miningCluster } from './mining-cluster.ts';

/** Nodes, all of which mine, in six regions of the world. */
const NODES = 20;
/** How long they look for each other before anything is counted. */
const WARM_UP_S = 60;

/** What was seen of a network of miners. */
export interface StaleRate {
  /** Blocks that were found and are not on the best branch, for each one that is. */
  readonly stalePerBlock: number;
  /** Seconds from one found block to the next. */
  readonly intervalS: number;
  /** How long it took a block to be a node's head, on average over all nodes; seconds. */
  readonly delayS: number;
}

/**
 * Lets a network of equal miners find so many blocks, with the relay protocol as it runs, and counts those that were
 * found in vain.
 *
 * @param hashesPerSecond - of each of the 20 miners; {@link BLOCK_HASHES} make a block
 */
export function measureStaleRate(hashesPerSecond: number, blocks: number, seed: number): StaleRate {
  const blockS = BLOCK_HASHES / (NODES * hashesPerSecond);
  const cluster = miningCluster({
    seed,
    hashesPerSecond: Array.from({ length: NODES }, () => hashesPerSecond),
    blockMs: blockS * 1000,
    regions: WORLD,
    knownPeers: NODES - 1,
  });
  cluster.start(1_000_000);
  const { clock, measures } = cluster.world;
  clock.runUntil(WARM_UP_S * 1_000_000);
  const from = heightOf(cluster.node(0)) + 1;
  clock.runUntil(clock.nowUs + blocks * blockS * 1_000_000);
  // The last ones are not decided yet.
  const to = heightOf(cluster.node(0)) - 10;
  const best = new Set<string>();
  for (let height = from; height <= to; height++) {
    const id = cluster.node(0).node?.chain.idAt(height);
    if (id !== undefined) best.add(toHex(id));
  }
  const found = measures.blocks.filter(({ height }) => height >= from && height <= to);
  // A block that some node never had as its head met another one on its way: its delay says nothing.
  const spread = found.filter(({ delaysUs }) => delaysUs.length === NODES - 1);
  const delaysUs = spread.map((block) => block.delaysUs.reduce((sum, delay) => sum + delay, 0) / NODES);
  const times = found.map(({ madeUs }) => madeUs);
  return {
    stalePerBlock: (found.length - best.size) / best.size,
    intervalS: (Math.max(...times) - Math.min(...times)) / 1_000_000 / (found.length - 1),
    delayS: delaysUs.reduce((sum, delay) => sum + delay, 0) / delaysUs.length / 1_000_000,
  };
}
