import { assert } from '../../base/assert.ts';
import { Writer } from '../../codec/writer.ts';
import { hash } from '../../crypto/hash.ts';
import { epochStart, totalWeight, type ValidatorSet } from '../../primitives/validator-set.ts';
import { ROUNDS_MAX } from './limits.ts';

/** Whose round it is. */
export interface ProposerSchedule {
  /**
   * The position in the set of who proposes.
   *
   * @param height - a height of the set's epoch
   * @param round - 0 to {@link ROUNDS_MAX} − 1
   */
  at(height: number, round: number): number;
}

/** Weights are divided until their sum is at most this, so that priorities stay safe integers. */
const SHARES_MAX = 2 ** 36;

/**
 * Weighted round robin by priorities, as Tendermint has it: each turn everyone gains its weight, the first of the
 * highest priority proposes and pays the sum of all. So over any stretch of turns everybody's number of turns is within
 * two of its share, however unequal the weights.
 *
 * Priorities begin anew in each epoch, spread over one whole turn by the seed: with zeros the heaviest would begin
 * every epoch, and in short ones light validators would never come. Round r of height h has the turn of round 0 of
 * height h + r, so a silent proposer is passed over within its height.
 */
export function createProposerSchedule(set: ValidatorSet, epochBlocks: number): ProposerSchedule {
  const start = epochStart(set.epoch, epochBlocks);
  const shares = sharesOf(set);
  const total = sum(shares);
  const priorities = initialPriorities(set, total);
  /** Who has each turn, as far as it was asked for: two bytes each, at most the blocks of an epoch and the rounds. */
  const turns: number[] = [];
  return {
    at(height, round) {
      const turn = height - start + round;
      assert(turn >= 0 && height < start + epochBlocks && round < ROUNDS_MAX, 'a turn of this epoch');
      while (turns.length <= turn) turns.push(nextTurn(priorities, shares, total));
      return turns[turn] as number;
    },
  };
}

function sharesOf(set: ValidatorSet): readonly number[] {
  const divisor = Math.ceil(totalWeight(set) / SHARES_MAX);
  return set.members.map(({ weight }) => Math.max(1, Math.floor(weight / divisor)));
}

/** Where in its cycle each member begins: anywhere in a whole turn, by the hash of seed and key. */
function initialPriorities(set: ValidatorSet, total: number): number[] {
  return set.members.map(({ publicKey }) => {
    const drawn = hash('proposer', new Writer(64).hash(set.seed).hash(publicKey).finish());
    const fraction = ((drawn[0] as number) << 8) | (drawn[1] as number);
    // At most 36 bits times 16 bits: exact.
    return Math.floor((total * fraction) / 65_536);
  });
}

function nextTurn(priorities: number[], shares: readonly number[], total: number): number {
  let first = 0;
  for (let i = 0; i < priorities.length; i++) {
    priorities[i] = (priorities[i] as number) + (shares[i] as number);
    if ((priorities[i] as number) > (priorities[first] as number)) first = i;
  }
  priorities[first] = (priorities[first] as number) - total;
  return first;
}

function sum(shares: readonly number[]): number {
  let total = 0;
  for (const share of shares) total += share;
  return total;
}
