import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { ceilRate, compareFeeRates, type FeeRate, paysRate, rateAbove } from './fee-rate.ts';

const rate: fc.Arbitrary<FeeRate> = fc.oneof(
  fc.record({ fee: fc.maxSafeNat(), gas: fc.integer({ min: 1, max: 2 ** 31 - 1 }) }),
  fc.record({ fee: fc.nat(100), gas: fc.integer({ min: 1, max: 10 }) }),
  // Close to each other and too large for exact products.
  fc.record({
    fee: fc.integer({ min: Number.MAX_SAFE_INTEGER - 3, max: Number.MAX_SAFE_INTEGER }),
    gas: fc.integer({ min: Number.MAX_SAFE_INTEGER - 3, max: Number.MAX_SAFE_INTEGER }),
  }),
);

test('the order of two rates is that of the exact cross products', () => {
  fc.assert(
    fc.property(rate, rate, (a, b) => {
      const exact = BigInt(a.fee) * BigInt(b.gas) - BigInt(b.fee) * BigInt(a.gas);
      const sign = exact < 0n ? -1 : exact > 0n ? 1 : 0;
      assert.equal(Math.sign(compareFeeRates(a, b)), sign);
    }),
    { numRuns: 2000 },
  );
});

test('equal rates of different size are equal, also where the products are not exact', () => {
  const half = { fee: 2 ** 51, gas: 2 ** 40 };
  assert.equal(compareFeeRates(half, { fee: 2 ** 50, gas: 2 ** 39 }), 0);
  assert.equal(compareFeeRates({ fee: 0, gas: 2 ** 52 }, { fee: 0, gas: 7 }), 0);
  assert.ok(compareFeeRates(half, { fee: 2 ** 50 + 1, gas: 2 ** 39 }) < 0);
});

test('rounding up, and the next rate above', () => {
  assert.equal(ceilRate({ fee: 20, gas: 10 }), 2);
  assert.equal(ceilRate({ fee: 21, gas: 10 }), 3);
  assert.equal(rateAbove({ fee: 20, gas: 10 }), 3);
  assert.equal(rateAbove({ fee: 29, gas: 10 }), 3);
  assert.equal(rateAbove({ fee: Number.MAX_SAFE_INTEGER, gas: 1 }), Number.MAX_SAFE_INTEGER);
});

test('paying a rate, also one that nobody can pay', () => {
  assert.equal(paysRate({ fee: 20, gas: 10 }, amount(2)), true);
  assert.equal(paysRate({ fee: 19, gas: 10 }, amount(2)), false);
  assert.equal(paysRate({ fee: Number.MAX_SAFE_INTEGER, gas: 10 }, amount(Number.MAX_SAFE_INTEGER)), false);
});
