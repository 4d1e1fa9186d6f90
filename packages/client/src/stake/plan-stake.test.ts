import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { tokensFor } from '@calin/core/ledger/stake/share-math.ts';
import fc from 'fast-check';
import { parseCommission, type RestingStake, sharesOfPart, withdrawals } from './plan-stake.ts';

const MIN = 1_000_000;

function ruleOf(result: { readonly ok: boolean; readonly error?: { readonly rule: string } }): string {
  return result.error?.rule ?? '';
}

test('the shares of a part are the fewest that are worth it', () => {
  const sizes = fc.tuple(
    fc.integer({ min: 2 * MIN, max: 2 ** 50 }),
    fc.integer({ min: 0, max: 2 ** 50 }),
    fc.integer({ min: 0, max: 2 ** 40 }),
    fc.integer({ min: 1, max: 2 ** 50 }),
  );
  fc.assert(
    fc.property(sizes, ([held, others, earned, wanted]) => {
      // A share is worth a hug or more, as in a pool that was never punished.
      const shares = held + others;
      const pool = { tokens: amount(shares + earned), shares: amount(shares) };
      const worth = tokensFor(pool, amount(held));
      const part = amount(wanted % worth || 1);
      const found = sharesOfPart(pool, { shares: held, worth, free: held }, part);
      if (!found.ok) {
        assert.equal(found.error.rule, 'stake/dust');
        assert.ok(worth - part <= (MIN * pool.tokens) / pool.shares + 1, 'only where nearly nothing is left');
        return;
      }
      assert.ok(tokensFor(pool, found.value) >= part);
      assert.ok(tokensFor(pool, amount(found.value - 1)) < part);
    }),
  );
});

test('all is what may leave, and what cannot is refused by the rule of the ledger', () => {
  const pool = { tokens: 30 * MIN, shares: 20 * MIN };
  const held = { shares: 10 * MIN, worth: 15 * MIN, free: 10 * MIN };
  assert.deepEqual(sharesOfPart(pool, held, 'all'), { ok: true, value: 10 * MIN });
  assert.deepEqual(sharesOfPart(pool, held, amount(15 * MIN)), { ok: true, value: 10 * MIN });
  assert.deepEqual(sharesOfPart(pool, held, amount(3)), { ok: true, value: 2 });
  assert.deepEqual(sharesOfPart(pool, { ...held, free: 4 * MIN }, 'all'), { ok: true, value: 4 * MIN });
  assert.equal(ruleOf(sharesOfPart(pool, held, amount(15 * MIN + 1))), 'stake/shares-missing');
  assert.equal(ruleOf(sharesOfPart(pool, held, amount(15 * MIN - 3))), 'stake/dust');
  assert.equal(ruleOf(sharesOfPart(pool, { ...held, free: 4 * MIN }, amount(7 * MIN))), 'stake/tied');
  assert.equal(ruleOf(sharesOfPart(pool, { ...held, free: 0 }, 'all')), 'stake/tied');
  assert.equal(ruleOf(sharesOfPart(pool, { shares: 0, worth: 0, free: 0 }, 'all')), 'stake/shares-missing');
});

test('all that has rested is withdrawn at what it is worth', () => {
  const part = (epoch: number, worth: number): RestingStake => ({
    validator: '07'.repeat(32),
    epoch,
    amount: worth + 5,
    worth,
    freeFrom: epoch + 4,
  });
  const found = withdrawals([part(1, 100), part(2, 0), part(3, 300)], 6);
  const validator = new Uint8Array(32).fill(7);
  assert.deepEqual(found, {
    ok: true,
    value: [
      { kind: 'withdraw', validator, epoch: 1, amount: 100 },
      { kind: 'withdraw', validator, epoch: 2, amount: 0 },
    ],
  });
  const early = withdrawals([part(9, 1), part(8, 1)], 11);
  assert.ok(!early.ok);
  assert.deepEqual([early.error.rule, early.error.evidence], ['stake/resting', { got: 11, expected: 12 }]);
  assert.equal(ruleOf(withdrawals([], 11)), 'stake/unbonding-unknown');
});

test('a commission is a percentage with one digit behind the point', () => {
  const cases = [
    ['0', 0],
    ['5', 50],
    ['2.5', 25],
    ['100', 1000],
    ['100.1'],
    ['1000'],
    ['-1'],
    ['2.55'],
    ['x'],
    [''],
  ] as const;
  for (const [text, permille] of cases) assert.equal(parseCommission(text), permille, text);
});
