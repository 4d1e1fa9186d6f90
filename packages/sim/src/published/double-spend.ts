import { equalBytes } from '@calin/core/base/bytes.ts';
import type { SimNode } from '../sim-node.ts';
import { BLOCK_HASHES, bestBlocks, handBlocks, heightOf, miningCluster } from './mining-cluster.ts';

/** Blocks that an attacker may be behind before giving up: with a third of the hash rate one in 30,000 comes back. */
const DEFICIT_MAX = 15;

/** How long an attack may take: many times what the longest does. */
const ATTACK_US_MAX = 1_000_000_000;

/** A block every second, if all mine together. */
const HASHES_PER_SECOND = BLOCK_HASHES;

/** How often the attacker looks, and how long it takes to show a branch; next to no block is found in it. */
const LOOK_US = 5_000;
const SHOW_US = 30_000;

/** An attack on a payment. */
export interface DoubleSpend {
  /** The attacker's share of the hash rate, in percent. */
  readonly sharePercent: number;
  /** Blocks that the merchant waits for. */
  readonly confirmations: number;
}

/**
 * One attempt to take a payment back: the attacker has found a block without it before the merchant sees it, mines on
 * in secret, and shows the branch as soon as it has more work than the one that everybody else mines on and the
 * merchant has delivered. The nodes are real ones; whether the payment is gone is read from the merchant's chain.
 *
 * @see S. Nakamoto, "Bitcoin: A Peer-to-Peer Electronic Cash System" (2008), section 11; M. Rosenfeld, "Analysis of
 *   hashrate-based double-spending" (2014), who counts the block that the attacker has before
 */
export function attemptDoubleSpend({ sharePercent, confirmations }: DoubleSpend, seed: number): boolean {
  const attackerHashes = (HASHES_PER_SECOND * sharePercent) / 100;
  const hashesPerSecond = [HASHES_PER_SECOND - attackerHashes, attackerHashes];
  const cluster = miningCluster({ seed, hashesPerSecond, blockMs: 1_000 });
  const [everybody, attacker] = [cluster.node(0), cluster.node(1)];
  const { clock } = cluster.world;
  const pass = () => clock.runUntil(clock.nowUs + LOOK_US);
  attacker.start();
  while (heightOf(attacker) < 1) pass();
  everybody.start();
  while (clock.nowUs < ATTACK_US_MAX) {
    pass();
    const [open, secret] = [heightOf(everybody), heightOf(attacker)];
    if (open < confirmations) continue;
    if (open - secret >= DEFICIT_MAX) return false;
    if (secret <= open) continue;
    handBlocks(everybody, bestBlocks(attacker, 1, secret));
    clock.runUntil(clock.nowUs + SHOW_US);
    // Unless somebody has found a block in the meantime: then it goes on.
    if (isBranchOf(everybody, attacker)) return true;
  }
  return false;
}

/** True when two nodes have the same first block: one has gone over to the branch of the other. */
function isBranchOf(node: SimNode, other: SimNode): boolean {
  const [first, theirs] = [node.node?.chain.idAt(1), other.node?.chain.idAt(1)];
  return first !== undefined && theirs !== undefined && equalBytes(first, theirs);
}
