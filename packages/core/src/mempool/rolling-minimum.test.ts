import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINIMUM_HALF_LIFE_MS as HALF_LIFE_MS } from './limits.ts';
import { RollingMinimum } from './rolling-minimum.ts';

test('it halves with every half-life, in straight lines between, down to nothing', () => {
  const minimum = new RollingMinimum();
  minimum.raise(1000, 5);
  const at = (halfLives: number) => minimum.at(5 + halfLives * HALF_LIFE_MS);
  assert.deepEqual([0, 0.5, 1, 1.5, 2, 3].map(at), [1000, 750, 500, 375, 250, 125]);
  assert.equal(at(10), 0);
  assert.equal(at(1e6), 0);
});

test('it only rises when raised above what it has decayed to, and never falls with a clock that goes back', () => {
  const minimum = new RollingMinimum();
  minimum.raise(1000, 0);
  minimum.raise(400, HALF_LIFE_MS);
  assert.equal(minimum.at(HALF_LIFE_MS), 500);
  minimum.raise(600, HALF_LIFE_MS);
  assert.equal(minimum.at(HALF_LIFE_MS), 600);
  assert.equal(minimum.at(2 * HALF_LIFE_MS), 300);
  assert.equal(minimum.at(0), 600);
});

test('it never exceeds the largest amount', () => {
  const minimum = new RollingMinimum();
  minimum.raise(Number.MAX_SAFE_INTEGER + 1, 0);
  assert.equal(minimum.at(0), Number.MAX_SAFE_INTEGER);
});
