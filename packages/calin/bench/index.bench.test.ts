import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './index.bench.ts';

test('the full index of a few blocks', async () => {
  const options = { coins: 300, blocks: 4, transfers: 200 };
  const result = await checkBench(bench, options, ['usPerTransfer', 'cpuUsPerTransfer', 'rowsPerTransfer']);
  assert((result['rowsPerTransfer'] as number) > 5, 'a transfer is some rows');
});
