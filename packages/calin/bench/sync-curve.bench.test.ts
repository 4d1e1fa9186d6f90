import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './sync-curve.bench.ts';

test('a short curve', async () => {
  const options = { coins: 500, blocks: 10, transfers: 5, 'bound-ms': 20 };
  const result = await checkBench(bench, options, ['cpuRatio', 'transfersPerSecond', 'eventLoopP999Ms']);
  const rates = result['transfersPerSecondByTenth'];
  assert(Array.isArray(rates) && rates.length === 10 && rates.every((rate) => rate > 0));
  assert.equal(result['ratio'], Number(((rates[9] as number) / (rates[0] as number)).toFixed(3)));
});

test('fewer blocks than tenths are refused', async () => {
  await assert.rejects(
    bench.run({ coins: 500, blocks: 9, transfers: 5 }, () => {}),
    /--blocks/,
  );
});
