import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeReport } from './cluster.ts';
import { Standstill } from './standstill.ts';

const S = 1000;

/** Two nodes that answer, and two that do not. */
function reports(height: number, final: number): readonly NodeReport[] {
  const status = { head: { height }, final: { height: final } } as NodeReport['status'];
  const node = { name: 'node', pid: 7, url: '', restarts: 0, peers: 1 };
  return [
    { ...node, status },
    { ...node, status },
    { ...node, status: undefined },
    { ...node, status: undefined },
  ];
}

test('a network that makes no blocks is said to stand still, once it had some', () => {
  const votes = new Standstill({ nodes: 4, consensus: 'bft', blockMs: 1 * S }, 0);
  assert.equal(votes.look(reports(0, 0), 60 * S), undefined);
  assert.equal(votes.look(reports(5, 5), 61 * S), undefined);
  assert.equal(votes.look(reports(5, 5), 71 * S), undefined);
  const said =
    'The chain stands still: 2 of 4 nodes answer, and votes need more than two thirds of the validators.';
  assert.equal(votes.look(reports(5, 5), 72 * S), said);
  assert.equal(votes.look(reports(6, 6), 73 * S), undefined);
  const turns = new Standstill({ nodes: 4, consensus: 'poa', blockMs: 2 * S }, 0);
  assert.equal(turns.look(reports(5, 0), 1 * S), undefined);
  assert.equal(turns.look(reports(5, 0), 21 * S), undefined);
  assert.equal(turns.look(reports(5, 0), 22 * S), 'The chain stands still: 2 of 4 nodes answer.');
});

test('blocks that do not become final are told of where votes would make them so', () => {
  const hybrid = new Standstill({ nodes: 4, consensus: 'hybrid', blockMs: 1 * S }, 0);
  const work = new Standstill({ nodes: 4, consensus: 'pow', blockMs: 1 * S }, 0);
  for (let second = 1; second <= 31; second++) {
    assert.equal(work.look(reports(second, 0), second * S), undefined);
    const said = hybrid.look(reports(second, 0), second * S);
    if (second < 31) assert.equal(said, undefined);
    else assert.match(said ?? '', /^Blocks go on, and none becomes final: 2 of 4 nodes answer, and votes/);
  }
});
