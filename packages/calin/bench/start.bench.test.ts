import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './start.bench.ts';

test('one cold start', async () => {
  const result = await checkBench(bench, { runs: 1 }, ['startMs', 'startMinMs', 'startMaxMs', 'bareNodeMs']);
  assert((result['ratio'] as number) < 1, 'nothing starts before Node.js does');
});
