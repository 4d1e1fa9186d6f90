import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './state.bench.ts';

test('a small state', async () => {
  const options = { coins: 3000, transfers: 100, rounds: 2, 'twin-coins': 300, proofs: 20, 'bound-ms': 5 };
  const result = await checkBench(bench, options, [
    'updatesPerSecond',
    'twinUpdatesPerSecond',
    'hashesPerSecond',
    'findsPerSecond',
    'proofBytesMean',
    'proveUs',
    'verifyUs',
  ]);
  assert((result['proofBytesMax'] as number) < 1024);
});
