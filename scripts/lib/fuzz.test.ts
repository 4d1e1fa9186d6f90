import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FuzzTarget } from '@calin/core/base/fuzz.testing.ts';
import { runTarget } from './fuzz.ts';

const kept: Uint8Array[] = [];

test('a run repeats from its seed, batch by batch', async () => {
  const draws: number[] = [];
  const target: FuzzTarget = { name: 'x', run: (random) => void draws.push(random.u32()) };
  const report = await runTarget(target, { iterations: 600, seed: 5 });
  assert.equal(report.iterations, 600);
  // The warm-up, then three batches; the first of them repeats the warm-up.
  assert.equal(draws.length, 4);
  assert.equal(draws[0], draws[1]);
  assert.equal(new Set(draws).size, 3);
  await runTarget(target, { iterations: 256, seed: 7 });
  assert.equal(draws[4], draws[3], 'seed + 2 alone is the third batch');
});

test('a broken promise names the command that repeats it', async () => {
  const target: FuzzTarget = {
    name: 'x',
    run(random) {
      if (random.u32() % 3 === 0) throw new Error('broken');
    },
  };
  await assert.rejects(runTarget(target, { iterations: 100_000, seed: 1 }), (error: Error) => {
    assert.match(error.message, /npm run fuzz -- --target x --seed \d+ --iterations 256/);
    assert.match(String(error.cause), /broken/);
    return true;
  });
});

test('slow inputs and memory that stays are failures', async () => {
  const slow: FuzzTarget = { name: 'slow', run: () => new Promise((resolve) => setTimeout(resolve, 30)) };
  await assert.rejects(runTarget(slow, { iterations: 1, seed: 1, batchMsMax: 10 }), /slow took \d+ ms/);
  const leak: FuzzTarget = { name: 'leak', run: () => void kept.push(new Uint8Array(16_000_000)) };
  // V8 gives buffers back in its own time: the bound lies far above what `clean` uses and far below what `leak` keeps.
  const options = { iterations: 256 * 4, seed: 1, growthBytesMax: 32_000_000 };
  await assert.rejects(runTarget(leak, options), /leak: \d+ bytes stay alive/);
  const clean: FuzzTarget = { name: 'clean', run: () => void new Uint8Array(1_000_000).fill(1) };
  const report = await runTarget(clean, options);
  assert.ok(report.heapAfter - report.heapBefore < 32_000_000);
});
