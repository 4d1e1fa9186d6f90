import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './flood.bench.ts';

test('a few attackers, each in a way of its own, and two honest nodes', async () => {
  const options = { nodes: 2, attackers: 10, blocks: 4, transfers: 20, 'warm-up': 2, gap: 100, patience: 0 };
  const fields = [
    'delayMs',
    'attackedDelayMs',
    'heapMibBefore',
    'heapMibAfter',
    'rssMibAfter',
    'links',
    'shots',
  ];
  const result = await checkBench(bench, options, fields);
  assert.equal(Object.keys(result['attacks'] as object).length, 10);
});
