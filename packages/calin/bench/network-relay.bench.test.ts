import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './network-relay.bench.ts';

test('small blocks to two peers, which have the transfers or have not', async () => {
  for (const pools of [true, false]) {
    const fields = ['p50Ms', 'p95Ms', 'diskP50Ms', 'boundMs', 'cpuRatio', 'blockBytes'];
    const result = await checkBench(bench, { peers: 2, blocks: 3, transfers: 30, pools }, fields);
    assert.equal(result['pools'], pools);
  }
});
