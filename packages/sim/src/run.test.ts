import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runScenario } from './run.ts';
import type { FinishedRun } from './run-judge.ts';
import type { RunOptions } from './run-setup.ts';
import { poa } from './scenarios/poa.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** Runs to the end; what came out, and every byte of the log. */
function runToEnd(scenario: Scenario, options: RunOptions): FinishedRun & { readonly text: string } {
  let text = '';
  const log = {
    level: 'debug' as const,
    sink: (more: string) => {
      text += more;
    },
  };
  const run = runScenario(scenario, { ...options, log });
  let step = run.next();
  while (step.done !== true) step = run.next();
  return { ...step.value, text };
}

describe('a run', () => {
  it('of the same seed is the same run, to the last byte of its log', () => {
    const options = { seed: 11, nodes: 1, durationS: 200 };
    const [a, b] = [runToEnd(poa, options), runToEnd(poa, options)];
    assert.equal(a.text, b.text);
    assert.ok(a.text.length > 1_000);
    assert.deepEqual(a.report, b.report);
    const other = runToEnd(poa, { ...options, seed: 12 });
    assert.notEqual(other.report.hash, a.report.hash);
    assert.notEqual(other.report.log.hash, a.report.log.hash);
  });

  it('needs as many nodes as its scenario says', () => {
    assert.throws(() => runToEnd(poa, { seed: 1, nodes: 0 }), /needs 1 nodes/);
  });
});
