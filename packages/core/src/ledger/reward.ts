import { type Amount, amount } from '../base/amount.ts';
import { assert, unreachable } from '../base/assert.ts';
import type { ChainSpec, RewardSchedule } from '../spec/chain-spec.ts';

type DecaySchedule = Extract<RewardSchedule, { kind: 'decay' }>;

/**
 * The new hugs of the block at `height`, without tips: what the schedule says, but never more than is left under
 * the cap. Steps are counted from block 1, so that the first interval is whole.
 *
 * @param height - at least 1; the genesis block has no reward
 * @param issued - hugs ever issued before the block, allocations included
 */
export function blockReward({ economy }: Pick<ChainSpec, 'economy'>, height: number, issued: Amount): Amount {
  assert(Number.isSafeInteger(height) && height >= 1, `no reward at height ${height}`);
  assert(issued <= economy.cap, `${issued} hugs issued above the cap ${economy.cap}`);
  return amount(Math.min(scheduledReward(economy.schedule, economy.reward, height), economy.cap - issued));
}

function scheduledReward(schedule: RewardSchedule, reward: Amount, height: number): number {
  switch (schedule.kind) {
    case 'constant':
      return reward;
    case 'halving':
      // Dividing by a power of two only moves the exponent, so the floor is taken of the exact quotient.
      return Math.floor(reward / 2 ** Math.floor((height - 1) / schedule.intervalBlocks));
    case 'decay':
      return decayedReward(schedule, reward, Math.floor((height - 1) / schedule.intervalBlocks));
    default:
      return unreachable(schedule);
  }
}

/** Where the last question about a schedule ended: blocks come in order, so the next one continues there. */
const lastDecay = new WeakMap<DecaySchedule, { reward: Amount; step: number; value: number }>();

/** The reward after `steps` steps, each rounded down; it falls by at least 1 a step, so it ends at 0. */
function decayedReward(schedule: DecaySchedule, reward: Amount, steps: number): number {
  assert(schedule.numerator < schedule.denominator, 'a decay multiplies by less than 1');
  const last = lastDecay.get(schedule);
  const known = last !== undefined && last.reward === reward && last.step <= steps;
  let { step, value } = known ? last : { step: 0, value: reward as number };
  for (; step < steps && value > 0; step++) value = decayOnce(value, schedule);
  lastDecay.set(schedule, { reward, step, value });
  return value;
}

/**
 * floor(value × numerator / denominator) without a product above 2^53: with value = q × denominator + r it is
 * q × numerator + floor(r × numerator / denominator), and only for denominators above 2^26 can r × numerator,
 * then below 2^64, be too large for a number.
 */
function decayOnce(value: number, { numerator, denominator }: DecaySchedule): number {
  const rest = value % denominator;
  const whole = ((value - rest) / denominator) * numerator;
  const product = rest * numerator;
  if (Number.isSafeInteger(product)) return whole + (product - (product % denominator)) / denominator;
  return whole + Number((BigInt(rest) * BigInt(numerator)) / BigInt(denominator));
}
