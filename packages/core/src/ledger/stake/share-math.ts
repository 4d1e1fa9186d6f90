import { type Amount, amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';

/** Stake of many owners as one sum: what rewards and slashes change is the worth of a share. */
export interface ShareSum {
  /** Hugs. */
  readonly tokens: Amount;
  /** At least one share is held by somebody while there are tokens. */
  readonly shares: Amount;
}

/**
 * ⌊a × b / c⌋, exact.
 *
 * @throws AssertionError when c is 0 or the result is above 2^53 − 1
 */
export function mulDiv(a: number, b: number, c: number): Amount {
  assert(c > 0, 'a division by nothing');
  const product = a * b;
  // Below 2^53 the remainder is exact, and so is the division of what it leaves.
  if (Number.isSafeInteger(product)) return amount((product - (product % c)) / c);
  return amount(Number((BigInt(a) * BigInt(b)) / BigInt(c)));
}

/** The shares that some hugs buy, rounded down: nobody gets a part of what others own. */
export function sharesFor({ tokens, shares }: ShareSum, value: Amount): Amount {
  if (shares === 0) return value;
  assert(tokens > 0, 'shares of nothing have no price');
  return mulDiv(value, shares, tokens);
}

/** The hugs that some shares are worth, rounded down; all of them are worth all of it. */
export function tokensFor({ tokens, shares }: ShareSum, part: Amount): Amount {
  assert(part <= shares, 'more shares than there are');
  return part === shares ? tokens : mulDiv(tokens, part, shares);
}

/** ⌊value × permille / 1000⌋. */
export function permilleOf(value: Amount, permille: number): Amount {
  return mulDiv(value, permille, 1000);
}

/**
 * The sum of two parts of the hugs, or of the shares, that there are.
 *
 * @throws AssertionError when it is above 2^53 − 1: the parts were not of one whole
 */
export function plus(a: Amount, b: Amount): Amount {
  return amount(a + b);
}

/**
 * What is left of a whole.
 *
 * @throws AssertionError when the part is larger
 */
export function minus(a: Amount, b: Amount): Amount {
  return amount(a - b);
}
