import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AMOUNT_MAX, type Amount, amount } from '../../base/amount.ts';
import { mulDiv, permilleOf, sharesFor, tokensFor } from './share-math.ts';

const amounts = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.integer({ min: 0, max: AMOUNT_MAX }),
) as fc.Arbitrary<Amount>;
const positive = amounts.map((value) => amount(Math.max(1, value)));

/** A pool as the rules leave one: a share is worth a hug or more, but for what a conviction has taken. */
const pools = fc
  .tuple(positive, positive)
  .map(([a, b]) => ({ tokens: amount(Math.max(a, b)), shares: amount(Math.min(a, b)) }));

test('a product over a divisor is exact, however large the product', () => {
  fc.assert(
    fc.property(amounts, amounts, positive, (a, b, c) => {
      const expected = (BigInt(a) * BigInt(b)) / BigInt(c);
      if (expected > BigInt(AMOUNT_MAX)) assert.throws(() => mulDiv(a, b, c), /not an amount/);
      else assert.equal(BigInt(mulDiv(a, b, c)), expected);
    }),
    { numRuns: 2000 },
  );
  assert.equal(mulDiv(AMOUNT_MAX, AMOUNT_MAX, AMOUNT_MAX), AMOUNT_MAX);
  assert.throws(() => mulDiv(1, 1, 0), /division by nothing/);
});

test('stake that comes in and goes out at once never gains, and never makes a share of the others worth less', () => {
  fc.assert(
    fc.property(pools, positive, (pool, value) => {
      fc.pre(pool.tokens + value <= AMOUNT_MAX);
      const shares = sharesFor(pool, value);
      const after = { tokens: amount(pool.tokens + value), shares: amount(pool.shares + shares) };
      const worth = tokensFor(after, shares);
      assert.ok(worth <= value, 'something from nothing');
      assert.ok(isNotLess(after, pool), 'the others paid');
      const left = { tokens: amount(after.tokens - worth), shares: pool.shares };
      assert.ok(isNotLess(left, after), 'those who stayed paid');
      // What rounding takes is less than a share is worth.
      assert.ok(
        BigInt(value - worth) * BigInt(pool.shares) <= BigInt(pool.tokens) * 2n + BigInt(pool.shares),
      );
    }),
    { numRuns: 2000 },
  );
});

/** True when a share of `a` is worth at least as much as one of `b`. */
function isNotLess(a: { tokens: number; shares: number }, b: { tokens: number; shares: number }): boolean {
  return BigInt(a.tokens) * BigInt(b.shares) >= BigInt(b.tokens) * BigInt(a.shares);
}

test('all shares are worth all tokens, none nothing, and parts never more than the whole', () => {
  fc.assert(
    fc.property(pools, fc.double({ min: 0, max: 1, noNaN: true }), (pool, ratio) => {
      const part = amount(Math.floor(pool.shares * ratio));
      const rest = amount(pool.shares - part);
      assert.ok(tokensFor(pool, part) + tokensFor(pool, rest) <= pool.tokens);
      assert.equal(tokensFor(pool, pool.shares), pool.tokens);
      assert.equal(tokensFor(pool, amount(0)), 0);
    }),
  );
});

test('the first stake has a share for each hug; thousandths round down', () => {
  assert.equal(sharesFor({ tokens: amount(0), shares: amount(0) }, amount(7)), 7);
  assert.equal(permilleOf(amount(1999), 500), 999);
  assert.equal(permilleOf(AMOUNT_MAX, 1000), AMOUNT_MAX);
  assert.throws(() => sharesFor({ tokens: amount(0), shares: amount(5) }, amount(1)), /no price/);
});
