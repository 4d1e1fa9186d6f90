import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './network-sync.bench.ts';

test('a small sync over libp2p', async () => {
  await checkBench(bench, { coins: 500, blocks: 3, transfers: 20 }, [
    'ratio',
    'cpuRatio',
    'transfersPerSecond',
    'importedPerSecond',
  ]);
});
