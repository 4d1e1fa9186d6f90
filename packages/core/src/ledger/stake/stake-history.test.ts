import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes } from '../../base/bytes.ts';
import { decodeChanges } from '../../state/changes.ts';
import { applyChanges, stateRoot } from '../../state/world-state.ts';
import { growStakeHistory, type StakeHistory } from '../testing/stake-history.testing.ts';

const SEEDS = 40;
const BLOCKS = 40;

const histories = new Map<number, StakeHistory>();
const historyOf = (seed: number): StakeHistory => {
  const known = histories.get(seed) ?? growStakeHistory(seed, BLOCKS);
  histories.set(seed, known);
  return known;
};

test('whatever is done, every hug is a coin, in a pool or at rest, and no share loses worth but by an offence', () => {
  // The audit runs after every block of a history.
  for (let seed = 0; seed < SEEDS; seed++) assert.equal(historyOf(seed).chain.height, BLOCKS);
});

test('undoing every block leads back through the same roots to the genesis state', () => {
  for (let seed = 0; seed < SEEDS; seed += 4) {
    const { chain } = historyOf(seed);
    let { state } = chain;
    for (const { result, before } of chain.blocks.toReversed()) {
      state = applyChanges(state, decodeChanges(result.undo)).state;
      assert.ok(equalBytes(stateRoot(state), stateRoot(before)));
    }
    assert.ok(equalBytes(stateRoot(state), chain.genesis.header.stateRoot));
  }
});

test('the same seed gives the same blocks', () => {
  const ids = growStakeHistory(3, 12).chain.blocks.map(({ block }) => block.id);
  assert.deepEqual(
    ids,
    historyOf(3)
      .chain.blocks.slice(0, 12)
      .map(({ block }) => block.id),
  );
});

test('histories do everything that can be done with stake, and are refused for most of what cannot', () => {
  const done = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) for (const what of historyOf(seed).met) done.add(what);
  const actions = [
    'bond',
    'delegate',
    'unbond',
    'redelegate',
    'withdraw',
    'validator-edit',
    'unjail',
    'evidence',
  ];
  const rules = [
    'stake/dust',
    'stake/tied',
    'stake/pool-closed',
    'stake/resting',
    'evidence/known',
    'stake/jailed',
  ];
  const expected = [...actions, 'certificate', 'tie settled', 'slashed rest', 'silent jailed', ...rules];
  assert.deepEqual(
    expected.filter((what) => !done.has(what)),
    [],
  );
});
