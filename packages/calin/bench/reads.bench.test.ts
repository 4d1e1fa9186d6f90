import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './reads.bench.ts';

test('some calls of each kind', async () => {
  await checkBench(bench, { seconds: 0.2 }, ['slowestPerCoreSecond', 'barePerCoreSecond', 'connections']);
});
