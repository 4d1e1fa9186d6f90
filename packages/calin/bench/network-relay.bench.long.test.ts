import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './network-relay.bench.ts';

test('small blocks to two peers, which have the transfers or have not, of one key or several', async () => {
  for (const [hasEmptyPools, shape] of [
    [false, 'key'],
    [true, 'key'],
    [false, 'multisig'],
  ] as const) {
    const fields = ['p50Ms', 'p95Ms', 'diskP50Ms', 'boundMs', 'cpuRatio', 'blockBytes'];
    const result = await checkBench(
      bench,
      { peers: 2, blocks: 3, transfers: 30, rest: 10, 'warm-up': 1, 'empty-pools': hasEmptyPools, shape },
      fields,
    );
    assert.equal(result['hasEmptyPools'], hasEmptyPools);
  }
});
