import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AMOUNT_MAX, type Amount, amount } from '../base/amount.ts';
import { nextBaseFee } from './base-fee.ts';
import { testSpec } from './testing/spec.testing.ts';

function next(
  baseFee: number,
  gasUsed: number,
  fees: { target: number; denominator?: number; min?: number },
) {
  const spec = testSpec({
    fees: {
      blockGasTarget: fees.target,
      baseFeeChangeDenominator: fees.denominator ?? 8,
      baseFeeMin: amount(fees.min ?? 0),
    },
  });
  return nextBaseFee(spec, { height: 7, baseFee: amount(baseFee), gasUsed }) as number;
}

test('block 1 pays the initial base fee, whatever the genesis block says', () => {
  const spec = testSpec({ fees: { baseFeeInitial: amount(77) } });
  assert.equal(nextBaseFee(spec, { height: 0, baseFee: amount(5), gasUsed: 0 }), 77);
});

test('EIP-1559 by hand: target 10,000,000, denominator 8', () => {
  const fees = { target: 10_000_000 };
  // [parent base fee, parent gas used, base fee]: the values of go-ethereum's TestCalcBaseFee.
  assert.equal(next(1_000_000_000, 10_000_000, fees), 1_000_000_000);
  assert.equal(next(1_000_000_000, 9_000_000, fees), 987_500_000);
  assert.equal(next(1_000_000_000, 11_000_000, fees), 1_012_500_000);
});

test('it moves by at most one eighth: at nothing, at twice the target, and above', () => {
  const fees = { target: 1000 };
  assert.equal(next(800, 0, fees), 700);
  assert.equal(next(800, 2000, fees), 900);
  assert.equal(next(800, 50_000, fees), 900);
});

test('a small fee moves by 1 just above and just below the target, and rests on it', () => {
  const fees = { target: 1000 };
  assert.equal(next(7, 1001, fees), 8);
  assert.equal(next(7, 1000, fees), 7);
  assert.equal(next(7, 999, fees), 6);
  assert.equal(next(1, 0, { ...fees, min: 1 }), 1);
  assert.equal(next(0, 1001, fees), 1);
  assert.equal(next(0, 0, fees), 0);
});

test('it rounds twice, as EIP-1559 does', () => {
  // 999 × 333 / 1000 = 332.667 → 332; 332 / 8 = 41.5 → 41.
  assert.equal(next(999, 1333, { target: 1000 }), 1040);
  assert.equal(next(999, 667, { target: 1000 }), 958);
});

test('it never falls below the minimum', () => {
  assert.equal(next(100, 0, { target: 1000, min: 95 }), 95);
  assert.equal(next(95, 0, { target: 1000, min: 95 }), 95);
});

test('products above 2^53 stay exact, and the fee stops at 2^53 − 1', () => {
  // 9007199254740991 × 4503599627370495 / 4503599627370496 = 9007199254740989.00…; / 8 = 1125899906842623.6…
  assert.equal(next(AMOUNT_MAX, 1, { target: 4_503_599_627_370_496 }), AMOUNT_MAX - 1_125_899_906_842_623);
  assert.equal(next(AMOUNT_MAX, 2000, { target: 1000 }), AMOUNT_MAX);
  assert.equal(next(AMOUNT_MAX - 1, 1001, { target: 1000, denominator: 2 ** 31 }), AMOUNT_MAX);
});

test('any fee: within 1 / denominator of the parent, or the minimum, or one more', () => {
  const spec = {
    target: fc.integer({ min: 1, max: 2 ** 40 }),
    denominator: fc.integer({ min: 1, max: 1000 }),
  };
  fc.assert(
    fc.property(fc.record(spec), fc.maxSafeNat(), fc.maxSafeNat(), (fees, baseFee, gasUsed) => {
      const fee = next(baseFee, gasUsed, fees);
      const step = BigInt(baseFee) / BigInt(fees.denominator);
      const difference = BigInt(fee) - BigInt(baseFee);
      assert.ok(
        difference <= (step > 1n ? step : 1n) && difference >= -(step > 1n ? step : 1n),
        `${baseFee} → ${fee}`,
      );
      assert.ok(gasUsed > fees.target ? fee >= baseFee : fee <= baseFee);
      const settled: Amount = amount(fee);
      assert.ok(settled >= 0);
    }),
    { numRuns: 300 },
  );
});
