import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './memory.bench.ts';

test('the memory of a small state', async () => {
  const result = await checkBench(bench, { coins: 200_000, blocks: 2 }, [
    'rssBytesPerCoin',
    'mapBytesPerCoin',
  ]);
  assert((result['mapBytesPerCoin'] as number) > 88, 'a coin takes its own bytes at least');
});
