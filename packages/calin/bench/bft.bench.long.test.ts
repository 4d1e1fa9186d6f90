import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench } from './bft.bench.ts';
import { checkBench } from './check-bench.testing.ts';

test('four validators agree on a few blocks of transfers', async () => {
  const options = { transfers: 20, blocks: 4, 'warm-up': 1, 'block-ms': 10, bundle: 10, 'bound-ms': 20 };
  const result = await checkBench(bench, options, [
    'shareRatio',
    'blockP50Ms',
    'blockP99Ms',
    'finalPerSecond',
    'signaturesPerSecond',
    'finalBlocks',
  ]);
  assert(Number(result['transfersPerBlock']) <= 21, 'blocks hold no more than their gas allows');
});
