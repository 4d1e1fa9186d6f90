import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { createPlainHasher } from '../../crypto/plain-hasher.ts';
import { scanBlock } from '../../primitives/flat-block.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import { decodeChanges } from '../../state/changes.ts';
import { TreeCoinMap } from '../../state/tree-coin-map.ts';
import { viewOf } from '../../state/view.ts';
import { applyChanges, emptyStateOver, stateRoot, type WorldState } from '../../state/world-state.ts';
import { applyBlock } from '../apply-block.ts';
import { createGenesis } from '../genesis.ts';
import { growStakeHistory, type StakeHistory } from '../testing/stake-history.testing.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';
import { seatedPools } from './seats.ts';
import { readValidatorSet } from './validator-sets.ts';

/** Among these, stake that was moved pays for offences of the validator it came from, and a reward shows one: rare. */
const SEEDS = Array.from({ length: 24 }, (_, i) => 116 + i);
const BLOCKS = 40;

const histories = new Map<number, StakeHistory>();
const epochBlocks = ({ spec }: StakeHistory['chain']) => spec.consensus.validators?.epochBlocks ?? 1;
const candidatesOf = (state: WorldState): ReadonlySet<string> =>
  new Set([...seatedPools(viewOf(state))].map(({ publicKey }) => toHex(publicKey)));
const equalLists = (a: readonly string[], b: readonly string[]) => a.join() === b.join();
const historyOf = (seed: number): StakeHistory => {
  const known = histories.get(seed) ?? growStakeHistory(seed, BLOCKS);
  histories.set(seed, known);
  return known;
};

test('whatever is done, every hug is a coin, in a pool or at rest, and no share loses worth but by an offence', () => {
  // The audit runs after every block of a history.
  for (const seed of SEEDS) assert.equal(historyOf(seed).chain.height, BLOCKS);
});

test('nobody is chosen at the end of an epoch who was no candidate when it began', () => {
  let late = 0;
  for (const seed of SEEDS) {
    const { chain } = historyOf(seed);
    let known = candidatesOf(chain.genesisState);
    for (const { env, result } of chain.blocks) {
      const epoch = epochOfHeight(env.height, epochBlocks(chain));
      if (epochOfHeight(env.height + 1, epochBlocks(chain)) === epoch) continue;
      const view = viewOf(result.state);
      const [next, chosen] = [epoch + 1, epoch + 2].map((e) => readValidatorSet(view, e)?.members ?? []);
      const names = (chosen ?? []).map(({ publicKey }) => toHex(publicKey));
      // Where nobody is left who could be chosen, those of the next epoch go on.
      const isFallback = equalLists(
        names,
        (next ?? []).map(({ publicKey }) => toHex(publicKey)),
      );
      assert.ok(isFallback || names.every((name) => known.has(name)), `seed ${seed}, epoch ${epoch}`);
      const now = candidatesOf(result.state);
      late += [...now].filter((name) => !known.has(name)).length;
      known = now;
    }
  }
  assert.ok(late > 5, `${late} candidates were too late for a set`);
});

test('undoing every block leads back through the same roots to the genesis state', () => {
  for (const seed of SEEDS.slice(0, 8)) {
    const { chain } = historyOf(seed);
    let { state } = chain;
    for (const { result, before } of chain.blocks.toReversed()) {
      state = applyChanges(state, decodeChanges(result.undo)).state;
      assert.ok(equalBytes(stateRoot(state), stateRoot(before)));
    }
    assert.ok(equalBytes(stateRoot(state), chain.genesis.header.stateRoot));
  }
});

test('coins in words, and blocks in place, give the same states and the same undo records', () => {
  const hasher = createPlainHasher();
  for (const seed of SEEDS.slice(0, 4)) {
    const { chain } = historyOf(seed);
    let { state } = createGenesis(chain.spec, emptyStateOver(new TreeCoinMap()));
    assert.deepEqual(stateRoot(state), chain.genesis.header.stateRoot);
    for (const { block, env, result } of chain.blocks) {
      const scanned = scanBlock(block.bytes, chain.genesis.id, hasher);
      assert.ok(scanned.ok);
      const applied = applyBlock(chain.spec, state, scanned.value, env, SIGNATURES_CHECKED);
      assert.ok(applied.ok);
      assert.deepEqual(applied.value.undo, result.undo);
      assert.deepEqual(applied.value.receipts, result.receipts);
      state = applied.value.state;
    }
  }
});

test('the same seed gives the same blocks', () => {
  const ids = growStakeHistory(120, 12).chain.blocks.map(({ block }) => block.id);
  assert.deepEqual(
    ids,
    historyOf(120)
      .chain.blocks.slice(0, 12)
      .map(({ block }) => block.id),
  );
});

test('histories do everything that can be done with stake, and are refused for most of what cannot', () => {
  const done = new Set<string>();
  for (const seed of SEEDS) for (const what of historyOf(seed).met) done.add(what);
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
  const rules = ['stake/dust', 'stake/tied', 'stake/pool-closed', 'stake/resting', 'stake/jailed'];
  const told = ['certificate in a reward', 'evidence in a reward'];
  const expected = [
    ...actions,
    ...told,
    'tie settled',
    'slashed rest',
    'silent jailed',
    'pot parted',
    ...rules,
  ];
  assert.deepEqual(
    expected.filter((what) => !done.has(what)),
    [],
  );
});
