import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareWithIdealFlood } from './ideal-flood.ts';
import type { RunSummary } from './part-summary.ts';

/** A line of machines, each link of which takes a millisecond more than the one before. */
function line(count: number, delaysUs: readonly number[]): Pick<RunSummary, 'machines' | 'blocks'> {
  const machines = Array.from({ length: count }, (_, i) => {
    const peers = [
      { name: `n${i - 1}`, latencyUs: 1_000 * i },
      { name: `n${i + 1}`, latencyUs: 1_000 * (i + 1) },
    ];
    return { number: i + 1, name: `n${i}`, region: 0, isHonest: true, end: undefined, peers };
  });
  const block = { id: '', parent: '', height: 1, maker: 'n0', madeUs: 0, delaysUs };
  return { machines, blocks: [block] };
}

describe('the ideal flood', () => {
  it('takes the shortest paths, with the jitter that links have on average', () => {
    const measured = compareWithIdealFlood(line(4, [2_000, 4_000, 12_000]), 0);
    assert.deepEqual(measured, { to99PercentMs: 12, idealTo99PercentMs: 6, ratio: 2 });
    assert.equal(compareWithIdealFlood(line(4, [2_000, 4_000, 12_000]), 100).idealTo99PercentMs, 9);
  });

  it('looks only at blocks that reached the nodes', () => {
    assert.equal(compareWithIdealFlood(line(4, [2_000]), 0).to99PercentMs, 0);
  });
});
