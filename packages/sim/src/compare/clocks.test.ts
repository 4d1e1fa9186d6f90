import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TEST_SIGNATURES } from '../fast-signatures.testing.ts';
import { type ComparedRun, runCompared } from './compared-run.ts';

/** Delegates make a block every five seconds, so half a slot is 2.5 seconds. */
function withClocks(skewMsMax: number): ComparedRun {
  const faults = [{ kind: 'clocks', fromS: 10, skewMsMax }] as const;
  const setting = { name: 'clocks', nodes: 10, makers: 5, durationS: 240, faults };
  return runCompared({ setting, consensus: 'dpos', seed: 5 }, TEST_SIGNATURES);
}

describe('producers whose clocks are wrong', () => {
  it('lose no block while two clocks differ by less than half a slot', () => {
    const run = withClocks(1_000);
    assert.deepEqual(run.violations, []);
    assert.equal(run.blocks.lost, 0);
    assert.ok(run.blocks.made >= 46, `${run.blocks.made} blocks in 48 slots`);
  });

  it('are waited for where they differ by more, and break nothing', () => {
    const run = withClocks(4_000);
    assert.deepEqual(run.violations, []);
    assert.ok(run.blocks.lost <= 2 && run.blocks.height >= 44, JSON.stringify(run.blocks));
  });
});
