import { AMOUNT_MAX, type Amount, isAmount, multiplyAmounts } from '../base/amount.ts';

/** A price per work: hugs for an amount of gas. Kept as a fraction, so that no two different rates look equal. */
export interface FeeRate {
  /** Hugs, 0 to 2^53 − 1. */
  readonly fee: number;
  /** At least 1. */
  readonly gas: number;
}

/** Negative when `a` pays less per gas than `b`, positive when it pays more. Exact for all values. */
export function compareFeeRates(a: FeeRate, b: FeeRate): number {
  const left = a.fee * b.gas;
  const right = b.fee * a.gas;
  if (isAmount(left) && isAmount(right)) return left - right;
  return compareFractions(a.fee, a.gas, b.fee, b.gas);
}

/**
 * Compares p/q with r/s where the cross products would not be exact: by their continued fractions, term by term.
 * Ends as Euclid's algorithm does, after at most 77 rounds for 53-bit numbers.
 */
function compareFractions(p: number, q: number, r: number, s: number): number {
  for (let sign = 1; ; sign = -sign) {
    const [leftRest, rightRest] = [p % q, r % s];
    const [leftTerm, rightTerm] = [(p - leftRest) / q, (r - rightRest) / s];
    if (leftTerm !== rightTerm) return sign * (leftTerm - rightTerm);
    if (leftRest === 0 || rightRest === 0) return sign * Math.sign(leftRest - rightRest) || 0;
    // x < y exactly when 1/x > 1/y, so the order of the rests turns around.
    [p, q, r, s] = [q, leftRest, s, rightRest];
  }
}

/** The smallest whole number of hugs per gas that is not below the rate. */
export function ceilRate({ fee, gas }: FeeRate): Amount {
  const rest = fee % gas;
  return ((fee - rest) / gas + (rest > 0 ? 1 : 0)) as Amount;
}

/** The smallest whole number of hugs per gas that is above the rate. */
export function rateAbove({ fee, gas }: FeeRate): Amount {
  return Math.min(AMOUNT_MAX, (fee - (fee % gas)) / gas + 1) as Amount;
}

/** True when `fee` pays at least `feePerGas` for each unit of gas. */
export function paysRate({ fee, gas }: FeeRate, feePerGas: Amount): boolean {
  const needed = multiplyAmounts(gas, feePerGas);
  return needed !== undefined && fee >= needed;
}
