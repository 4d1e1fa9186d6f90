import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import type { EconomySpec, RewardSchedule } from '../spec/chain-spec.ts';
import { blockReward } from './reward.ts';

const CAP = amount(2_100_000_000_000_000);

function economy(schedule: RewardSchedule, reward: number, cap = CAP): { economy: EconomySpec } {
  return { economy: { cap, reward: amount(reward), schedule, rewardMaturityBlocks: 0 } };
}

/** The rewards of blocks 1 to `last`, paid out one after another. */
function payAll(spec: { economy: EconomySpec }, last: number, allocated = 0): number[] {
  let issued = allocated;
  return Array.from({ length: last }, (_, i) => {
    const reward = blockReward(spec, i + 1, amount(issued));
    issued += reward;
    return reward;
  });
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('constant: the same for ever', () => {
  assert.deepEqual(payAll(economy({ kind: 'constant' }, 50), 4), [50, 50, 50, 50]);
});

test('halving: the first interval is whole, halves round down, and it ends at 0', () => {
  const spec = economy({ kind: 'halving', intervalBlocks: 3 }, 11);
  assert.deepEqual(payAll(spec, 15), [11, 11, 11, 5, 5, 5, 2, 2, 2, 1, 1, 1, 0, 0, 0]);
  assert.equal(blockReward(spec, 4_294_967_295, amount(57)), 0);
});

test('halving by the schedule of Bitcoin issues the sum of its rounded halves', () => {
  // 210,000 blocks of floor(5,000,000,000 / 2^k): 20999999.9769 coins of 10^8.
  const spec = economy({ kind: 'halving', intervalBlocks: 210_000 }, 5_000_000_000);
  let total = 0;
  for (let era = 0; era < 40; era++) {
    const first = era * 210_000 + 1;
    const reward = blockReward(spec, first, amount(total));
    assert.equal(blockReward(spec, first + 209_999, amount(total + 209_999 * reward)), reward);
    total += 210_000 * reward;
  }
  assert.equal(total, 2_099_999_997_690_000);
});

test('decay: every step rounds down', () => {
  const spec = economy({ kind: 'decay', intervalBlocks: 2, numerator: 9, denominator: 10 }, 100);
  // 100, 90, 81, 72.9 → 72, 64.8 → 64
  assert.deepEqual(payAll(spec, 10), [100, 100, 90, 90, 81, 81, 72, 72, 64, 64]);
});

test('decay: the same answer forwards, backwards and at random', () => {
  const schedule = { kind: 'decay', intervalBlocks: 1, numerator: 999, denominator: 1000 } as const;
  const heights = [1, 2, 900, 3, 900, 5000, 1, 20_000, 899];
  const asked = heights.map((height) => blockReward(economy(schedule, 1_000_000), height, amount(0)));
  const alone = heights.map((height) => blockReward(economy({ ...schedule }, 1_000_000), height, amount(0)));
  assert.deepEqual(asked, alone);
  const other = blockReward(economy(schedule, 7), 2, amount(0));
  assert.equal(other, 6, 'another first reward under the same schedule');
});

test('decay is exact where a product exceeds 2^53', () => {
  const ratio = fc
    .tuple(fc.integer({ min: 1, max: 0xffff_fffe }), fc.integer({ min: 1, max: 0xffff_ffff }))
    .map(([a, b]) => ({ numerator: Math.min(a, b), denominator: Math.max(a, b) + 1 }));
  fc.assert(
    fc.property(ratio, fc.maxSafeNat(), fc.integer({ min: 1, max: 6 }), (terms, reward, steps) => {
      let expected = BigInt(reward);
      for (let i = 0; i < steps; i++)
        expected = (expected * BigInt(terms.numerator)) / BigInt(terms.denominator);
      const schedule = { kind: 'decay', intervalBlocks: 1, ...terms } as const;
      const spec = economy(schedule, reward, amount(Number.MAX_SAFE_INTEGER));
      assert.equal(blockReward(spec, steps + 1, amount(0)), Number(expected));
    }),
  );
});

test('the cap: the last reward is what is left, then nothing; allocations count', () => {
  assert.deepEqual(payAll(economy({ kind: 'constant' }, 40, amount(100)), 4), [40, 40, 20, 0]);
  assert.deepEqual(payAll(economy({ kind: 'constant' }, 40, amount(100)), 2, 75), [25, 0]);
  assert.deepEqual(payAll(economy({ kind: 'constant' }, 40, amount(100)), 2, 100), [0, 0]);
});

test('no schedule issues more than the cap', () => {
  const schedule: fc.Arbitrary<RewardSchedule> = fc.oneof(
    fc.constant({ kind: 'constant' } as const),
    fc.record({ kind: fc.constant('halving' as const), intervalBlocks: fc.integer({ min: 1, max: 9 }) }),
    fc.record({
      kind: fc.constant('decay' as const),
      intervalBlocks: fc.integer({ min: 1, max: 9 }),
      numerator: fc.integer({ min: 1, max: 98 }),
      denominator: fc.constant(99),
    }),
  );
  fc.assert(
    fc.property(schedule, fc.nat(1000), fc.nat(20_000), (rule, reward, cap) => {
      const spec = economy(rule, reward, amount(cap));
      const paid = payAll(spec, 60);
      assert.ok(sum(paid) <= cap);
      const free = sum(payAll(economy(rule, reward), 60));
      assert.equal(sum(paid), Math.min(cap, free), 'nothing is held back below the cap');
    }),
  );
});

test('the genesis block has no reward to ask for', () => {
  assert.throws(() => blockReward(economy({ kind: 'constant' }, 1), 0, amount(0)), /no reward at height 0/);
  assert.throws(
    () => blockReward(economy({ kind: 'constant' }, 1, amount(5)), 1, amount(6)),
    /above the cap/,
  );
});
