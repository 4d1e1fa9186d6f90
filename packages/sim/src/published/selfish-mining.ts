import { equalBytes } from '@calin/core/base/bytes.ts';
import { SelfishMiner } from '../byzantine/selfish-miner.ts';
import { BLOCK_HASHES, heightOf, miningCluster } from './mining-cluster.ts';

const HONEST_MINERS = 4;
/** A block every second, so one that takes ten milliseconds from miner to miner is hardly ever beside another. */
const BLOCK_MS = 1_000;
const DELAY_US = 10_000;
const START_US = 1_000;

/** A selfish miner among honest ones. */
export interface SelfishShare {
  /** Its share of the hash rate: α, in percent. */
  readonly sharePercent: number;
  /** The share of the honest hash rate that mines on its block when two are shown: γ, in percent. */
  readonly firstPercent: number;
}

/**
 * The share of the blocks of the best branch that a selfish miner has made, after so many blocks were found. All nodes
 * are real ones.
 */
export function selfishRevenue(
  { sharePercent, firstPercent }: SelfishShare,
  blocks: number,
  seed: number,
): number {
  const own = (BLOCK_HASHES * sharePercent) / 100;
  const others = (BLOCK_HASHES - own) / HONEST_MINERS;
  const hashesPerSecond = [own, ...Array.from({ length: HONEST_MINERS }, () => others)];
  const cluster = miningCluster({ seed, hashesPerSecond, blockMs: BLOCK_MS });
  const selfish = cluster.node(0);
  new SelfishMiner({ firstPercent, delayUs: DELAY_US }, selfish, cluster);
  cluster.start(START_US);
  const { clock } = cluster.world;
  clock.runUntil(blocks * BLOCK_MS * 1000);
  const chain = cluster.node(1).node?.chain;
  let made = 0;
  // The last blocks may still be raced for.
  const height = heightOf(cluster.node(1)) - 20;
  for (let at = 1; at <= height; at++) {
    const id = chain?.idAt(at);
    const header = id === undefined ? undefined : chain?.header(id);
    if (header?.ok === true && selfish.key && equalBytes(header.value.producer, selfish.key.address))
      made += 1;
  }
  return made / height;
}

/** What Eyal and Sirer give, equation 8 of their paper. */
export function publishedRevenue({ sharePercent, firstPercent }: SelfishShare): number {
  const [a, g] = [sharePercent / 100, firstPercent / 100];
  return (a * (1 - a) ** 2 * (4 * a + g * (1 - 2 * a)) - a ** 3) / (1 - a * (1 + (2 - a) * a));
}
