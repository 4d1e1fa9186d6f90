import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runScenario } from './run.ts';
import type { RunOptions } from './run-setup.ts';
import { attack } from './scenarios/attack.ts';
import { faults } from './scenarios/faults.ts';
import { poa } from './scenarios/poa.ts';
import { pow } from './scenarios/pow.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** Runs to the end in so many parts; the report, and every byte of the log. */
function runInParts(scenario: Scenario, options: RunOptions, parts: number) {
  let text = '';
  const sink = (more: string) => {
    text += more;
  };
  const run = runScenario(scenario, { ...options, log: { level: 'debug', sink } }, parts);
  let step = run.next();
  while (step.done !== true) step = run.next();
  const { report, run: summary } = step.value;
  return { report, text, summary };
}

const RUNS: readonly (readonly [Scenario, RunOptions])[] = [
  [poa, { seed: 2, nodes: 9, durationS: 130 }],
  [faults, { seed: 4, nodes: 10, durationS: 80 }],
  [pow, { seed: 1, nodes: 8, durationS: 60 }],
  [attack, { seed: 5, nodes: 5, durationS: 32 }],
];

describe('a run that is divided', () => {
  for (const [scenario, options] of RUNS) {
    it(`is the same run, to the last byte of its log and of its report: ${scenario.name}`, () => {
      const whole = runInParts(scenario, options, 1);
      assert.ok(whole.text.length > 2_000 && whole.report.blocks.height > 2, 'something happens');
      for (const parts of [2, 3]) {
        const divided = runInParts(scenario, options, parts);
        assert.equal(divided.text, whole.text);
        assert.equal(JSON.stringify(divided.report), JSON.stringify(whole.report));
        assert.equal(divided.summary.efforts.length, parts);
        assert.deepEqual(divided.summary.machines, whole.summary.machines);
      }
    });
  }

  it('is the same where messages are carried as bytes', () => {
    const [, options] = RUNS[0] as (typeof RUNS)[number];
    const whole = runInParts(poa, options, 1);
    const framed = runInParts(poa, { ...options, carries: 'frame' }, 2);
    assert.equal(framed.text, whole.text);
    assert.deepEqual(framed.report, whole.report);
  });

  it('finds the same wrong, in the same words', () => {
    // Machines are switched on within five seconds, so after two some are still off.
    const options = { seed: 1, nodes: 12, durationS: 2 };
    const [whole, divided] = [runInParts(poa, options, 1), runInParts(poa, options, 3)];
    assert.ok(whole.report.violations.length > 1);
    assert.deepEqual(divided.report.violations, whole.report.violations);
    assert.equal(divided.text, whole.text);
    assert.match(whole.text, /BROKEN liveness/);
  });

  it('has no more parts than regions', () => {
    assert.throws(() => runInParts(poa, { seed: 1 }, 7), /7 parts of 6 regions/);
  });
});
