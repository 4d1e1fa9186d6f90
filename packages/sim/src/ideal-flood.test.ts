import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Cluster } from './cluster.ts';
import { compareWithIdealFlood } from './ideal-flood.ts';

/** A line of machines, each link of which takes a millisecond more than the one before. */
function line(count: number, delaysUs: readonly number[]): Cluster {
  const nodes = Array.from({ length: count }, (_, i) => ({
    name: `n${i}`,
    ends: new Map<string, unknown>(),
  }));
  nodes.forEach((node, i) => {
    const next = nodes[i + 1];
    if (next === undefined) return;
    const latencyUs = 1_000 * (i + 1);
    node.ends.set(next.name, { latencyUs, other: { owner: next } });
    next.ends.set(node.name, { latencyUs, other: { owner: node } });
  });
  const world = { measures: { blocks: [{ maker: 'n0', delaysUs }] } };
  return { nodes, world } as unknown as Cluster;
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
