import { Cluster } from '../cluster.ts';
import { seedOf } from '../dice.ts';
import { type Regions, ROOM } from '../regions.ts';
import type { SimNode } from '../sim-node.ts';
import { simSpec } from '../spec.ts';
import { createWorld } from '../world.ts';

/** Hashes that a block takes on average: as many as have to be computed for it, so not many. */
export const BLOCK_HASHES = 200;

/**
 * A half-life so long that the difficulty stands still: published results are about miners of a constant difficulty,
 * where the longest branch is the one with the most work.
 */
const HALF_LIFE_MS = 30 * 86_400_000;

/** Choices for {@link miningCluster}. */
export interface MiningOptions {
  readonly seed: number;
  /** Of each node that mines. */
  readonly hashesPerSecond: readonly number[];
  /** The mean time between blocks, if all of them mine together. */
  readonly blockMs: number;
  /** One room when left out. */
  readonly regions?: Regions;
  /** Addresses that each node knows from the start; none when left out, so that nobody talks to anybody. */
  readonly knownPeers?: number;
}

/** Nodes that mine a chain of constant difficulty, on disks that take no time. */
export function miningCluster({
  seed,
  hashesPerSecond,
  blockMs,
  regions = ROOM,
  knownPeers = 0,
}: MiningOptions): Cluster {
  const spec = simSpec({
    authorities: 0,
    slotMs: 1,
    work: { initialDifficulty: BLOCK_HASHES, blockMs, halfLifeMs: HALF_LIFE_MS },
    finalityBlocks: 100,
    coins: 0,
  });
  const network = { regions, jitterPercent: 0, carries: 'message' } as const;
  const world = createWorld({ seed: seedOf(seed), spec, network, log: { level: 'warn' } });
  const nodes = hashesPerSecond.length;
  return new Cluster(
    {
      nodes,
      regions,
      uplinkBytesPerSecond: 12_500_000,
      syncUs: 0,
      skewMsMax: 0,
      node: { mode: { kind: 'full' }, checkpointBlocks: 1_000_000, mempoolBytesMax: 1_000_000 },
      authorities: nodes,
      hashesPerSecond,
      knownPeers,
    },
    world,
  );
}

/** Height of a node's head. */
export function heightOf(node: SimNode): number {
  return node.node?.chain.head.height ?? 0;
}

/** The bytes of the blocks of a node's best branch, from one height to another. */
export function bestBlocks({ node }: SimNode, fromHeight: number, toHeight: number): readonly Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let height = fromHeight; height <= toHeight; height++) {
    const id = node?.chain.idAt(height);
    const block = id === undefined ? undefined : node?.chain.block(id);
    if (block?.ok === true) blocks.push(block.value.bytes);
  }
  return blocks;
}

/** Hands blocks to a node at once, past the network, as an accomplice would. */
export function handBlocks(to: SimNode, blocks: readonly Uint8Array[]): void {
  for (const block of blocks) to.request({ kind: 'import', block }, () => {});
}
