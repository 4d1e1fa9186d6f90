import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runScenario } from '../run.ts';
import { faults } from './faults.ts';
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

describe('the scenario of faults', () => {
  it('holds with work too, with the miner of a fifth of it keeping blocks back', () => {
    const run = runScenario(faults, {
      ...{ seed: 3, consensus: 'pow', nodes: 12, durationS: 250 },
      log: { level: 'warn' },
    });
    let step = run.next();
    while (step.done !== true) step = run.next();
    const { report } = step.value;
    assert.deepEqual(report.violations, []);
    assert.equal(report.consensus, 'pow');
    assert.ok(report.blocks.stale > 0 && report.blocks.final > 5, JSON.stringify(report.blocks));
  });
});
