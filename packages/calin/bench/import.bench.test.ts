import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './import.bench.ts';

test('a small import', async () => {
  await checkBench(bench, { coins: 500, blocks: 2, transfers: 20, 'bound-ms': 20 }, [
    'transfersPerSecond',
    'signaturesPerSecond',
    'eventLoopP999Ms',
    'cpuUsPerTransfer',
  ]);
});

test('a small import of what is verified, with the index', async () => {
  const options = { coins: 500, blocks: 2, transfers: 20, verified: true, index: true, 'bound-ms': 20 };
  await checkBench(bench, options, ['transfersPerSecond', 'signaturesPerSecond']);
});
