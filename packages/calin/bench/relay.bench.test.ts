import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './relay.bench.ts';

test('relay, and what a compact block spares', async () => {
  const options = { peers: 4, transactions: 1_200, rounds: 2 };
  const fields = ['wantedUs', 'knownUs', 'toldUs', 'addedUs', 'blockUs', 'rootUs', 'compactShare'];
  const result = await checkBench(bench, options, fields);
  assert(Number(result['compactShare']) < 0.05);
});
