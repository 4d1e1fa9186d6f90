import { AMOUNT_MAX, type Amount, amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import type { Header } from '../primitives/header.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';

/** What the rule reads of a parent. */
type FeeParent = Pick<Header, 'height' | 'gasUsed' | 'baseFee'>;

/**
 * The base fee, in hugs per gas, of the block after `parent`. It rests when the parent used the target, and moves
 * with the distance from it, by at most 1 / baseFeeChangeDenominator (reached at twice the target and at 0). It
 * moves by at least 1 unless the target was hit, and stays from baseFeeMin to 2^53 − 1. Block 1 pays baseFeeInitial.
 * EIP-1559 lets only the rise be at least 1: there a fee below the denominator would never come down again.
 *
 * @see https://eips.ethereum.org/EIPS/eip-1559 (calc_base_fee), with the distance bounded by the target, because
 *   here the gas limit of a block need not be twice its target
 */
export function nextBaseFee({ fees }: Pick<ChainSpec, 'fees'>, parent: FeeParent): Amount {
  if (parent.height === 0) return fees.baseFeeInitial;
  const { blockGasTarget: target, baseFeeChangeDenominator: denominator, baseFeeMin } = fees;
  assert(target >= 1 && denominator >= 1, 'the gas target and the denominator are at least 1');
  const { gasUsed, baseFee } = parent;
  if (gasUsed > target) {
    const rise = Math.max(1, feeChange(baseFee, Math.min(gasUsed - target, target), target, denominator));
    return amount(Math.max(baseFeeMin, rise > AMOUNT_MAX - baseFee ? AMOUNT_MAX : baseFee + rise));
  }
  if (gasUsed === target) return amount(Math.max(baseFeeMin, baseFee));
  const fall = Math.max(1, feeChange(baseFee, target - gasUsed, target, denominator));
  return amount(Math.max(baseFeeMin, baseFee - fall));
}

/**
 * floor(floor(baseFee × distance / target) / denominator). The product needs up to 106 bits, so it is a BigInt:
 * once per block, never per transaction. The quotient fits again, because distance ≤ target.
 */
function feeChange(baseFee: Amount, distance: number, target: number, denominator: number): number {
  return Number((BigInt(baseFee) * BigInt(distance)) / BigInt(target) / BigInt(denominator));
}
