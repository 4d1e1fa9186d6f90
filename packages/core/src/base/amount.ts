import { assert } from './assert.ts';

declare const amountBrand: unique symbol;

/**
 * A quantity of one asset in base units (hugs for the native coin): an integer from 0 to 2^53 − 1, so that it
 * is exact as a JavaScript number. Arithmetic goes through {@link addAmounts} and {@link subtractAmounts}.
 */
export type Amount = number & { readonly [amountBrand]: true };

/** The largest amount, 2^53 − 1 base units. */
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER as Amount;

/** 1 CALIN = 10^8 hugs. */
export const HUGS_PER_CALIN = 100_000_000;

/** True for integers from 0 to 2^53 − 1. */
export function isAmount(value: number): value is Amount {
  return Number.isSafeInteger(value) && value >= 0;
}

/**
 * Brands a number that is known to be an amount.
 *
 * @throws AssertionError when it is not an integer from 0 to 2^53 − 1
 */
export function amount(value: number): Amount {
  assert(isAmount(value), `not an amount: ${value}`);
  return value;
}

/** The sum, or undefined when it exceeds {@link AMOUNT_MAX}. Both operands are below 2^53, so the test is exact. */
export function addAmounts(a: Amount, b: Amount): Amount | undefined {
  return a > AMOUNT_MAX - b ? undefined : ((a + b) as Amount);
}

/** The difference, or undefined when it would be negative. */
export function subtractAmounts(a: Amount, b: Amount): Amount | undefined {
  return b > a ? undefined : ((a - b) as Amount);
}

/** The exact product, or undefined when it exceeds {@link AMOUNT_MAX}. */
export function multiplyAmounts(a: number, b: number): Amount | undefined {
  const product = a * b;
  return isAmount(product) ? product : undefined;
}
