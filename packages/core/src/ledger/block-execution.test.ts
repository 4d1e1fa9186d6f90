import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSteps } from '../base/steps.ts';
import { BlockExecution } from './block-execution.ts';
import { createReward } from './reward-transaction.ts';
import { signBlank, testKey } from './testing/owners.testing.ts';
import { allocationOf } from './testing/spend.testing.ts';
import { tamperScene } from './testing/tamper.testing.ts';
import { gasOf } from './transaction-gas.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';

const { history, spec, env, transfer, make } = tamperScene(signBlank);
const execution = (blockGasMax: number) =>
  new BlockExecution(
    { ...spec, limits: { ...spec.limits, blockGasMax } },
    history.state,
    env,
    SIGNATURES_CHECKED,
  );

test('a transaction that no longer fits leaves no trace, and the block goes on', () => {
  const late = make({ from: [allocationOf(history, 'key 1')], tip: 9 });
  const block = execution(gasOf(spec, transfer) + gasOf(spec, late) - 1);
  assert.ok(block.add(transfer).ok);
  const { due, gasUsed } = block;
  const refused = block.add(late);
  assert.equal(refused.ok ? '' : refused.error.rule, 'block/gas-exceeded');
  assert.deepEqual([block.due, block.gasUsed], [due, gasUsed]);
  const alone = execution(60_000);
  assert.ok(alone.add(transfer).ok);
  const reward = createReward(env, testKey(0).address, due);
  assert.deepEqual(runSteps(block.finish(reward)).stateRoot, runSteps(alone.finish(reward)).stateRoot);
});
