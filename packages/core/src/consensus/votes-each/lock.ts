import { equalBytes } from '../../base/bytes.ts';
import type { Hash } from '../../crypto/hash.ts';

/** A block that this node may not vote against without a reason, and the round in which it came to that. */
export interface Lock {
  readonly round: number;
  readonly blockId: Hash;
  /** The last round in which this node precommitted another block, or −1. */
  readonly otherRound: number;
}

/** The lock on the block of a round's quorum of prevotes. */
export function lockOn(blockId: Hash, round: number, before: Lock | undefined): Lock {
  if (before === undefined) return { round, blockId, otherRound: -1 };
  const isSame = equalBytes(before.blockId, blockId);
  return { round, blockId, otherRound: isSame ? before.otherRound : before.round };
}

/**
 * True when no lock stands against a block, or a quorum prevoted the block in `validRound`, since the lock. Other than
 * in line 23 of the paper, who is locked on this very block still heeds the lock that it had on another one before:
 * else a precommit for that one and the prevote would look like a broken lock.
 */
export function isFreeFor(blockId: Hash, validRound: number, lock: Lock | undefined): boolean {
  if (lock === undefined) return true;
  return validRound >= (equalBytes(lock.blockId, blockId) ? lock.otherRound : lock.round);
}
