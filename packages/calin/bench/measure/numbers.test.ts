import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, round } from './numbers.ts';

test('the median of odd and even many', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([10, 1, 2, 3]), 2.5);
  assert.equal(median([7]), 7);
});

test('rounding keeps a number', () => {
  assert.equal(round(1.23456, 2), 1.23);
  assert.equal(round(1234.5, 0), 1235);
});
