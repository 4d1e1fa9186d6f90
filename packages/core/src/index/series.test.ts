import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bounded, planSeries, seriesPoint } from './series.ts';
import type { BlockRow } from './tables.ts';

describe('the points of a chart', () => {
  it('are few enough, cover every block once, and stay where they are while the chain grows', () => {
    const stretch = fc.tuple(
      fc.integer({ min: 1, max: 3_000_000 }),
      fc.nat(3_000_000),
      fc.integer({ min: 2, max: 500 }),
    );
    fc.assert(
      fc.property(stretch, ([from, length, points]) => {
        const to = from + length;
        const { bucketBlocks, ends } = planSeries(from, to, points);
        assert.ok(ends.length <= points && ends.length >= 1);
        assert.equal(ends.at(-1), to);
        for (const [i, end] of ends.entries()) {
          assert.ok(end > (ends[i - 1] ?? from - 1) && end <= (ends[i - 1] ?? from - 1) + bucketBlocks);
          if (i < ends.length - 1) assert.equal(end % bucketBlocks, 0);
        }
        const finer = { 1: 0.5, 2: 1, 5: 2 }[Number(String(bucketBlocks)[0])] ?? 0;
        const before = (finer * bucketBlocks) / Number(String(bucketBlocks)[0]);
        if (before >= 1) assert.ok(Math.ceil(to / before) - Math.floor((from - 1) / before) > points);
      }),
    );
  });

  it('are differences of sums, and never more than JSON can hold', () => {
    const row = (height: number): BlockRow => ({
      height,
      id: new Uint8Array(32),
      timeMs: 1_000 * height,
      producer: new Uint8Array(32),
      transactions: 2,
      bytes: 300,
      gas: 7,
      baseFee: 3,
      fees: 5,
      burned: 4,
      issued: 10,
      weight: 2n ** 80n,
      totalTransactions: 2 * height,
      totalBytes: 300 * height,
      totalGas: 7n * BigInt(height),
      totalFees: BigInt(height) * 2n ** 52n,
      totalWeight: BigInt(height) * 2n ** 80n,
      totalIssued: 1_000 + 10 * height,
      totalBurned: 4 * height,
      inCoins: 900 + 6 * height,
    });
    const { weight, ...point } = seriesPoint(row(10), row(14));
    assert.equal(weight, (2n ** 80n).toString());
    assert.deepEqual(point, {
      height: 14,
      blocks: 4,
      timeMs: 14_000,
      blockTimeMs: 1_000,
      transactions: 8,
      fees: Number.MAX_SAFE_INTEGER,
      burned: 16,
      issued: 40,
      supply: 1_000 + 140 - 56,
      staked: 100,
      bytes: 1_200,
      gasUsed: 28,
      baseFee: 3,
    });
    assert.equal(bounded(12n), 12);
  });
});
