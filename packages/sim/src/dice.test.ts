import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Dice, naturalLog, seedFor, seedOf } from './dice.ts';

describe('dice', () => {
  it('fall the same way for the same seed and purpose, and another way for others', () => {
    const throws = (seed: number, purpose: string) => {
      const dice = new Dice(seedFor(seedOf(seed), purpose));
      return Array.from({ length: 20 }, () => dice.below(1_000));
    };
    assert.deepEqual(throws(1, 'a'), throws(1, 'a'));
    assert.notDeepEqual(throws(1, 'a'), throws(1, 'b'));
    assert.notDeepEqual(throws(1, 'a'), throws(2, 'a'));
  });

  it('know the logarithm as the engine does, to the last bits', () => {
    for (let x = 1e-9; x < 1e9; x *= 1.37) {
      assert.ok(Math.abs(naturalLog(x) - Math.log(x)) <= 1e-14 * Math.max(1, Math.abs(Math.log(x))), `${x}`);
    }
    assert.throws(() => naturalLog(0), /no logarithm/);
  });

  it('space independent events as a Poisson process does', () => {
    const dice = new Dice(seedOf(3));
    const times = Array.from({ length: 20_000 }, () => dice.exponential(1_000));
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    assert.ok(Math.abs(mean - 1_000) < 25, `mean ${mean}`);
    // Of an exponential distribution the share above the mean is 1/e.
    const above = times.filter((time) => time > 1_000).length / times.length;
    assert.ok(Math.abs(above - 1 / Math.E) < 0.012, `above ${above}`);
  });

  it('hit as often as they are told', () => {
    const dice = new Dice(seedOf(4));
    const hits = Array.from({ length: 20_000 }, () => dice.hits(250_000)).filter(Boolean).length;
    assert.ok(Math.abs(hits - 5_000) < 250, `${hits}`);
    assert.equal(dice.hits(0), false);
    assert.equal(dice.hits(1_000_000), true);
    assert.throws(() => dice.choose([]), /something to choose/);
  });
});
