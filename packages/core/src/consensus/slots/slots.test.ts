import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlots } from './slots.ts';

test('half a slot ahead is early enough, and more where slots are shorter than honest clocks differ', () => {
  for (const [slotMs, expected] of [
    [1, 500],
    [400, 500],
    [1_000, 500],
    [1_001, 500],
    [2_000, 1_000],
    [3_000, 1_500],
    [5_000, 2_500],
  ] as const) {
    assert.equal(createSlots(slotMs).driftMsMax, expected, `slots of ${slotMs} ms`);
  }
});
