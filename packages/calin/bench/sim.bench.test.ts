import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './sim.bench.ts';

test('a small network', async () => {
  const result = await checkBench(bench, { nodes: 4, duration: 60 }, [
    'speedup',
    'wallS',
    'cpuUsPerNodeBlock',
    'messages',
    'events',
    'blocks',
    'rssMaxBytes',
  ]);
  assert.match(String(result['hash']), /^[0-9a-f]{64}$/);
});
