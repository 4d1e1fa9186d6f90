import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { TEST_SIGNATURES } from '../fast-signatures.testing.ts';
import { runScenario } from '../run.ts';
import type { FinishedRun } from '../run-judge.ts';
import type { RunOptions } from '../run-setup.ts';
import { faults } from './faults.ts';

/** In most runs those who cheat vote once only. */
const CONVICTED_SEED = 2;

describe('the scenario of faults', () => {
  let lost = 0;
  for (const consensus of PRESET_NAMES) {
    it(`breaks nothing with ${consensus}`, () => {
      const { report, stage } = runFaults({ consensus, seed: 3 });
      assert.deepEqual(report.violations, []);
      assert.equal(report.consensus, consensus);
      assert.ok(report.blocks.final > 5, JSON.stringify(report.blocks));
      lost += report.blocks.stale;
      assert.ok(stage.cluster.honest.length < stage.cluster.nodes.length, 'some cheat');
    });
  }

  it('leaves its marks', () => assert.ok(lost > 50, `${lost} blocks lost`));

  it('convicts validators that vote or make blocks on two machines', () => {
    const { stage } = runFaults({ consensus: 'bft', seed: CONVICTED_SEED });
    const [node] = stage.cluster.running;
    const spec = stage.cluster.world.spec.consensus.validators;
    assert.ok(node?.node !== undefined && spec?.kind === 'stake');
    const view = node.node.chain.validators();
    const { height } = node.node.chain.head;
    const set = view.at(Math.floor((height - 1) / spec.epochBlocks) + 1);
    assert.ok((set?.members.length ?? 0) < spec.stakes.length, 'one is out of the set');
  });

  it('is the same again, and the same when it is divided, where there are votes, lotteries and work', () => {
    for (const consensus of ['pos', 'hybrid', 'bft'] as const) {
      const short = { consensus, seed: 5, durationS: 60 };
      assert.deepEqual(runFaults(short, 3).report, runFaults(short).report);
    }
  });
});

function runFaults(options: Pick<RunOptions, 'consensus' | 'seed' | 'durationS'>, parts = 1): FinishedRun {
  const usual = { nodes: 12, durationS: 250, log: { level: 'warn' }, signatures: TEST_SIGNATURES } as const;
  const run = runScenario(faults, { ...usual, ...options }, parts);
  let step = run.next();
  while (step.done !== true) step = run.next();
  return step.value;
}
