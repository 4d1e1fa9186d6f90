import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadTargets, runTarget } from './lib/fuzz.ts';

/** Enough to notice a target that is broken; `npm run fuzz` looks for what is rare. */
const ITERATIONS = 200;

const targets = await loadTargets();

test('there are fuzz targets', () => assert.ok(targets.length > 0));

for (const target of targets) {
  test(`fuzz ${target.name}: ${ITERATIONS} inputs`, async () => {
    await runTarget(target, { iterations: ITERATIONS, seed: 2026 });
  });
}
