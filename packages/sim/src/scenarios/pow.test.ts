import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runScenario } from '../run.ts';
import { pow } from './pow.ts';

describe('a network of miners in which everything goes wrong', () => {
  for (const seed of [1, 2]) {
    it(`forks, heals and agrees: seed ${seed}`, () => {
      const run = runScenario(pow, { seed, nodes: 10, durationS: 400, log: { level: 'warn' } });
      let step = run.next();
      while (step.done !== true) step = run.next();
      const { report } = step.value;
      assert.deepEqual(report.violations, []);
      assert.ok(report.blocks.stale > 0, 'there were forks');
      assert.ok(report.blocks.height > 40, `${report.blocks.height} blocks`);
    });
  }
});
