import { type Amount, isAmount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { refuseAmount } from './rules.ts';

/** Decimals of the native coin: 1 CALIN = 10^8 hugs. */
export const NATIVE_DECIMALS = 8;

/** Most decimals that an asset shows; see the token-create action. */
const DECIMALS_MAX = 18;

/** Characters of an amount: 16 digits, 18 decimals and room for zeros that do not count. */
const TEXT_LENGTH_MAX = 64;

/** Digits of 2^53 − 1. */
const DIGITS_MAX = 16;

const PATTERN = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/;

/**
 * Reads an amount as people write it, exactly: digits, and decimals behind a point. Signs, exponents (`1e-8`),
 * separators and a bare point are refused, because in each of them somebody else reads another number. Refuses by
 * `amount/…`.
 *
 * @param decimals - of the asset, 0 to 18
 * @returns base units
 * @example parseAmountText('0.25', NATIVE_DECIMALS) // 25_000_000 hugs
 */
export function parseAmountText(text: string, decimals: number): Result<Amount> {
  assertDecimals(decimals);
  const [, whole, fraction = ''] = text.length > TEXT_LENGTH_MAX ? [] : (PATTERN.exec(text) ?? []);
  if (whole === undefined) return refuseAmount('amount/syntax', { got: text.slice(0, TEXT_LENGTH_MAX) });
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > decimals) {
    return refuseAmount('amount/too-many-decimals', { got: significant.length, expected: decimals });
  }
  const digits = (whole + significant.padEnd(decimals, '0')).replace(/^0+(?=[0-9])/, '');
  // Up to 16 digits the nearest double of a number above 2^53 − 1 is above it too, so the check is exact.
  const value = digits.length > DIGITS_MAX ? Number.POSITIVE_INFINITY : Number(digits);
  if (!isAmount(value)) {
    return refuseAmount('amount/too-large', { got: text, expected: Number.MAX_SAFE_INTEGER, decimals });
  }
  return ok(value);
}

/**
 * An amount as people write it, with a point and without zeros at the end; {@link parseAmountText} reads it back.
 *
 * @param decimals - of the asset, 0 to 18
 * @example formatAmountText(amount(25_000_000), NATIVE_DECIMALS) // '0.25'
 */
export function formatAmountText(value: Amount, decimals: number): string {
  assertDecimals(decimals);
  const digits = String(value).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, point) : `${digits.slice(0, point)}.${fraction}`;
}

function assertDecimals(decimals: number): void {
  assert(Number.isInteger(decimals) && decimals >= 0 && decimals <= DECIMALS_MAX, `${decimals} decimals`);
}
