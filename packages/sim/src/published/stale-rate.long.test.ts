import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forkProbability } from './stale-rate.testing.ts';
import { measureStaleRate } from './stale-rate.ts';

describe('blocks that are found in vain', () => {
  it('follow from delay and interval in Bitcoin as it was measured in 2012', () => {
    // The paper: 11.37 s on average, a block every 633.68 s, predicted 1.78 %, observed 1.69 %.
    const predicted = forkProbability({ delayS: 11.37, intervalS: 633.68 });
    assert.ok(Math.abs(predicted - 0.0178) < 0.0001, `${predicted}`);
  });

  for (const [hashesPerSecond, blocks] of [
    [10, 700],
    [5, 600],
  ] as const) {
    it(`are as many as the delay of blocks says, with one every ${10 / hashesPerSecond} s`, () => {
      const seen = measureStaleRate(hashesPerSecond, blocks, 5);
      const predicted = forkProbability(seen);
      const deviation = Math.sqrt(predicted / blocks);
      const text = `${JSON.stringify(seen)}, predicted ${predicted} ± ${deviation}`;
      assert.ok(Math.abs(seen.stalePerBlock - predicted) < 3 * deviation + 0.1 * predicted, text);
      assert.ok(predicted > 0.02, text);
    });
  }
});
