import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from './fuzz.testing.ts';

test('the same seed gives the same numbers, another seed gives others', () => {
  const draw = (seed: number) => seededRandom(seed).bytes(64);
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

test('below stays in its range and reaches every value', () => {
  const random = seededRandom(1);
  const seen = new Set(Array.from({ length: 400 }, () => random.below(10)));
  assert.deepEqual(
    [...seen].toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.equal(random.below(1), 0);
});

test('every bit of u32 is set about half of the time', () => {
  const random = seededRandom(2026);
  const draws = 2000;
  const set = new Array<number>(32).fill(0);
  for (let i = 0; i < draws; i++) {
    const value = random.u32();
    for (let bit = 0; bit < 32; bit++) set[bit] = (set[bit] as number) + ((value >>> bit) & 1);
  }
  // Five standard deviations of a fair coin: 5 × √(2000 / 4) ≈ 112.
  for (const count of set) assert.ok(Math.abs(count - draws / 2) < 112, String(set));
});
