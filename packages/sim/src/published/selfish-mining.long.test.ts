import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publishedRevenue, selfishRevenue } from './selfish-mining.ts';

describe('a selfish miner', () => {
  it('gains from a third of the hash rate on if nobody mines on its block first, from a quarter on if half do', () => {
    for (const [firstPercent, threshold] of [
      [0, 100 / 3],
      [50, 25],
    ] as const) {
      const gain = (sharePercent: number) =>
        publishedRevenue({ sharePercent, firstPercent }) - sharePercent / 100;
      assert.ok(Math.abs(gain(threshold)) < 1e-12);
      assert.ok(gain(threshold - 1) < 0 && gain(threshold + 1) > 0);
    }
  });

  for (const [sharePercent, firstPercent] of [
    [20, 0],
    [40, 0],
    [30, 50],
    [40, 50],
  ] as const) {
    it(`with ${sharePercent} % of the hash rate and γ = ${firstPercent} % earns what was published`, () => {
      const share = { sharePercent, firstPercent };
      const got = selfishRevenue(share, 3_000, 77);
      const expected = publishedRevenue(share);
      assert.ok(Math.abs(got - expected) < 0.045, `${got} of ${expected}`);
    });
  }
});
