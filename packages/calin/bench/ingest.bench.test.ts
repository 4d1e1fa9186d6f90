import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './ingest.bench.ts';

const TINY = { transfers: 200, 'warm-up': 100, bundle: 50, 'block-ms': 10, 'bound-ms': 20 };
const FIELDS = ['transfersPerSecond', 'signaturesPerSecond', 'eventLoopP999Ms', 'blocks'];

test('a few transfers in bundles of bytes', async () => {
  await checkBench(bench, TINY, FIELDS);
});

test('a few transfers in JSON', async () => {
  const result = await checkBench(bench, { ...TINY, endpoint: 'json' }, FIELDS);
  assert.equal(result['endpoint'], 'json');
});

test('other endpoints are refused', async () => {
  await assert.rejects(
    bench.run({ endpoint: 'pigeon', transfers: 20 }, () => {}),
    /--endpoint/,
  );
});
