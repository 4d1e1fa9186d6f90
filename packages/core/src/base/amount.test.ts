import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  AMOUNT_MAX,
  type Amount,
  addAmounts,
  amount,
  HUGS_PER_CALIN,
  isAmount,
  multiplyAmounts,
  subtractAmounts,
} from './amount.ts';
import { AssertionError } from './assert.ts';

/** Amounts of every size, the ends of the range included. */
const amounts = fc
  .oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, AMOUNT_MAX - 1, AMOUNT_MAX), fc.nat())
  .map((value) => amount(value));

describe('isAmount', () => {
  it('knows integers from 0 to 2^53 − 1 and nothing else', () => {
    for (const value of [0, 1, HUGS_PER_CALIN, 2 ** 53 - 1]) assert.ok(isAmount(value), String(value));
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      assert.ok(!isAmount(value), String(value));
      assert.throws(() => amount(value), AssertionError);
    }
  });
});

describe('arithmetic agrees with integers of any size', () => {
  const within = (value: bigint): Amount | undefined =>
    value >= 0n && value <= BigInt(AMOUNT_MAX) ? amount(Number(value)) : undefined;

  it('sums', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => assert.equal(addAmounts(a, b), within(BigInt(a) + BigInt(b)))),
    );
  });

  it('differences', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) =>
        assert.equal(subtractAmounts(a, b), within(BigInt(a) - BigInt(b))),
      ),
    );
  });

  it('products, also those that round to a number near the bound', () => {
    const near = fc.integer({ min: 2, max: 2 ** 20 }).map((divisor) => {
      const quotient = Math.floor(AMOUNT_MAX / divisor);
      return [divisor, quotient] as const;
    });
    const check = (a: number, b: number) =>
      assert.equal(multiplyAmounts(a, b), within(BigInt(a) * BigInt(b)), `${a} × ${b}`);
    fc.assert(fc.property(amounts, amounts, check));
    fc.assert(
      fc.property(near, ([divisor, quotient]) => {
        check(divisor, quotient);
        check(divisor, quotient + 1);
      }),
    );
    // 2^53 + 1 is no double: the product rounds to 2^53, which must not pass for 2^53 − 1.
    check(6361, 69431 * 20394401);
    check(3, 3002399751580331);
  });
});
