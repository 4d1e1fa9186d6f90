import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { verifySignature } from '../crypto/signature.ts';
import { createBlock, parseBlock } from '../primitives/block.ts';
import { headerId } from '../primitives/header.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { decodeChanges } from '../state/changes.ts';
import { type Coin, coinKey } from '../state/coin.ts';
import { MapCoins } from '../state/map-coins.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { type StateView, viewOf } from '../state/view.ts';
import type { WorldState } from '../state/world-state.ts';
import { applyBlock } from './apply-block.ts';
import { CANDIDATE_MISSES_MAX, draftBlock, draftBlockInSteps } from './build-block.ts';
import { NO_NEWS } from './reward-actions.ts';
import { readSupply } from './supply.ts';
import { History, historySpec } from './testing/history.testing.ts';
import { signForReal, testKey } from './testing/owners.testing.ts';
import { allocationOf, outputOf, type Purse, type SpendOptions, spend } from './testing/spend.testing.ts';
import { withTransactions } from './testing/tamper.testing.ts';
import { gasOf } from './transaction-gas.ts';
import { TurnWork } from './turn-work.ts';

const history = new History({ seed: 3 });
const { spec, env, state } = history;
const payTo = testKey(0).address;
const key = (n: number, round = 0) => allocationOf(history, `key ${n}`, round);
const make = (from: Purse, options: Partial<SpendOptions> = {}) =>
  spend({ spec, env, view: viewOf(state) }, { from: [from], ...options });
const many = (count: number) =>
  Array.from({ length: count }, () => ({ asset: NATIVE_ASSET, amount: amount(1), address: payTo }));

/** A view that only knows the coins that a transaction is going to make. */
function outputsOf(tx: Transaction): StateView {
  const coins = new Map(
    tx.outputs.map((output, index): [string, Coin] => [
      toHex(coinKey(tx.txid, index)),
      { index, ...output, height: env.height, reward: false },
    ]),
  );
  return { coin: (name) => coins.get(toHex(name)), value: () => undefined };
}

/** The same state with its coins in a map, which is where transfers go the fast way. */
function onMap({ coins: tree, storage }: WorldState): WorldState {
  let coins = MapCoins.over(new TreeCoinMap());
  for (const run of tree.entries(64)) coins = coins.load(run);
  return { coins, storage };
}

function draft(candidates: Iterable<Transaction>, limits: Partial<typeof spec.limits> = {}) {
  const narrow = { ...spec, limits: { ...spec.limits, ...limits } };
  const drafted = draftBlock(narrow, state, history.genesis.header, env, candidates, payTo);
  const block = createBlock(drafted.header, drafted.transactions);
  const applied = applyBlock(narrow, state, block, env, verifySignature);
  assert.ok(applied.ok, applied.ok ? '' : `the draft is refused: ${applied.error.rule}`);
  assert.deepEqual(applied.value.receipts, drafted.result.receipts);
  assert.deepEqual(applied.value.stateRoot, drafted.header.stateRoot);
  return { ...drafted, block };
}

test('nothing to do: a block with the reward alone, that anyone can check', () => {
  const { header, transactions, result, refused, block } = draft([]);
  assert.deepEqual([transactions.length, refused.length, header.gasUsed], [1, 0, 0]);
  assert.deepEqual(header.parent, headerId(history.genesis.header));
  assert.deepEqual(transactions[0]?.outputs, [
    { asset: NATIVE_ASSET, amount: spec.economy.reward, address: payTo },
  ]);
  const issued = readSupply(viewOf(state)).issued + spec.economy.reward;
  assert.deepEqual(readSupply(viewOf(result.state)), { issued, burned: 0 });
  const parsed = parseBlock(block.bytes, history.chainId);
  assert.ok(parsed.ok);
});

test('candidates keep their order, tips go to the reward, burned fees out of the supply', () => {
  const candidates = [make(key(3), { tip: 7 }), make(key(1), { tip: 70 }), make(key(2), { tip: 700 })];
  const { transactions, result } = draft(candidates);
  assert.deepEqual(transactions.slice(1), candidates);
  assert.equal(transactions[0]?.outputs[0]?.amount, spec.economy.reward + 777);
  const gas = decodeReceipts(result.receipts).reduce((sum, { gasUsed }) => sum + gasUsed, 0);
  assert.equal(result.gasUsed, gas);
  assert.equal(readSupply(viewOf(result.state)).burned, gas * env.baseFee);
});

test('refused candidates are named and skipped, also those that spend the same coin', () => {
  const good = make(key(1));
  const double = make(key(1), { tip: 50 });
  const poor = make(key(2), { tip: -1 });
  const { transactions, refused } = draft([good, double, poor, make(key(3))]);
  assert.equal(transactions.length, 3);
  assert.deepEqual(
    refused.map(({ tx, refusal }) => [tx, refusal.rule, refusal.retry]),
    [
      [double, 'tx/coin-missing', true],
      [poor, 'tx/fee-too-low', true],
    ],
  );
});

test('a child follows its parent into the block, and waits when the parent does not fit', () => {
  const parent = make(key(1), { outputs: many(40) });
  const from = outputOf(parent, 40, key(1).opening);
  const child = spend({ spec, env, view: outputsOf(parent) }, { from: [from] });
  assert.deepEqual(draft([parent, child]).transactions.slice(1), [parent, child]);
  const narrow = draft([parent, child], { blockGasMax: 1_000 });
  assert.deepEqual(narrow.transactions.length, 1);
  assert.deepEqual(
    narrow.refused.map(({ tx, refusal }) => [tx, refusal.rule, refusal.retry]),
    [[child, 'tx/coin-missing', true]],
  );
});

test('the byte limit: filled to the last byte, one less leaves the candidate out', () => {
  const [first, second] = [make(key(1)), make(key(2))];
  // Header 196, count 4, reward 12 + 48.
  const bytes = 260 + first.bytes.length + second.bytes.length;
  const full = draft([first, second], { blockBytesMax: bytes });
  assert.equal(full.block.bytes.length, bytes);
  assert.equal(full.transactions.length, 3);
  assert.deepEqual(draft([first, second], { blockBytesMax: bytes - 1 }).transactions.length, 2);
  const narrow = { ...spec, limits: { ...spec.limits, blockBytesMax: bytes - 1 } };
  const refused = applyBlock(narrow, state, full.block, env, verifySignature);
  assert.equal(refused.ok ? '' : refused.error.rule, 'block/too-large');
});

test('the gas limit: a smaller candidate still fits after a larger one did not', () => {
  const [small, large] = [make(key(1)), make(key(2), { outputs: many(30) })];
  const gas = draft([small, large]).header.gasUsed;
  const { transactions, refused } = draft([small, large, make(key(3))], { blockGasMax: gas - 1 });
  assert.equal(transactions.length, 3);
  assert.deepEqual(transactions[1], small);
  assert.equal(refused.length, 0, 'what does not fit is not refused');
  assert.equal(draft([small, large], { blockGasMax: gas }).transactions.length, 3);
});

test('what a block has no gas for any more is neither hashed nor looked up', () => {
  const candidates = [make(key(1)), make(key(2)), make(key(3))];
  const plain = createPlainHasher();
  const hashed: number[] = [];
  const hasher = {
    load: (bytes: Uint8Array) => plain.load(bytes),
    hashSpans: (...[as, spans, count, out]: Parameters<typeof plain.hashSpans>) => {
      hashed.push(count);
      plain.hashSpans(as, spans, count, out);
    },
    merkleRoot: (leaves: Uint8Array, count: number) => plain.merkleRoot(leaves, count),
    hash: (as: Uint8Array, bytes: Uint8Array) => plain.hash(as, bytes),
  };
  const gas = gasOf(spec, candidates[0] as Transaction);
  const taken = (blockGasMax: number) => {
    hashed.length = 0;
    const narrow = { ...spec, limits: { ...spec.limits, blockGasMax } };
    const { header } = history.genesis;
    return draftBlock(narrow, onMap(state), header, env, candidates, payTo, hasher).transactions.length;
  };
  assert.equal(taken(gas), 2);
  assert.ok(hashed.includes(candidates.length), 'at the start each of them fits');
  assert.equal(taken(gas - 1), 1);
  assert.ok(!hashed.includes(candidates.length));
});

test('the search ends after many candidates in a row that are not taken', () => {
  let asked = 0;
  const double = make(key(1));
  function* endless(): Generator<Transaction> {
    for (;;) {
      asked++;
      yield double;
    }
  }
  const { refused } = draft(endless());
  assert.deepEqual([asked, refused.length], [CANDIDATE_MISSES_MAX + 1, CANDIDATE_MISSES_MAX]);
});

test('a reward of nothing has no outputs', () => {
  const free = historySpec();
  const broke = new History({
    seed: 1,
    spec: { ...free, economy: { ...free.economy, reward: amount(0) } },
    signer: signForReal,
  });
  const { block } = broke.add([]);
  assert.deepEqual(block.transactions[0]?.outputs, []);
  assert.deepEqual(decodeChanges(broke.add([]).result.undo), { coins: [], storage: [] });
});

test('the reward of a block cannot be spent in it, even where rewards mature at once', () => {
  const free = historySpec();
  const hasty = new History({
    seed: 1,
    spec: { ...free, economy: { ...free.economy, rewardMaturityBlocks: 0 } },
    signer: signForReal,
  });
  const { block } = hasty.fork(0, 0).add([]);
  const [reward] = block.transactions;
  assert.ok(reward);
  const from = outputOf(reward, 0, allocationOf(hasty, 'key 0').opening);
  const early = spend({ spec: hasty.spec, env: hasty.env, view: outputsOf(reward) }, { from: [from] });
  const inside = applyBlock(
    hasty.spec,
    hasty.state,
    withTransactions(block, [reward, early]),
    hasty.env,
    verifySignature,
  );
  assert.equal(inside.ok ? '' : inside.error.rule, 'tx/coin-missing');
  hasty.add([]);
  const late = spend({ spec: hasty.spec, env: hasty.env, view: viewOf(hasty.state) }, { from: [from] });
  assert.equal(hasty.add([late]).block.transactions.length, 2);
});

test('an environment of another block is a bug, not an invalid block', () => {
  const { block } = draft([]);
  const wrong = (changes: Partial<typeof env>) => () =>
    applyBlock(spec, state, block, { ...env, ...changes }, verifySignature);
  assert.throws(wrong({ height: 2 }), /another height/);
  assert.throws(wrong({ timeMs: 1 }), /another time/);
  assert.throws(wrong({ producer: env.chainId }), /another producer/);
});

test('put together piece by piece it is the same block, whatever happens to the states between the pieces', () => {
  const grown = new History({ seed: 8 });
  for (let height = 0; height < 3; height++) grown.grow(5);
  const candidates = grown.transactions(12);
  const parent = grown.head.header;
  for (const before of [grown.state, onMap(grown.state)]) {
    const whole = draftBlock(grown.spec, before, parent, grown.env, candidates, payTo);
    const hasher = createPlainHasher();
    const { env } = grown;
    const work = new TurnWork(0.1);
    const steps = draftBlockInSteps(
      grown.spec,
      before,
      parent,
      env,
      candidates,
      payTo,
      hasher,
      NO_NEWS,
      work,
    );
    let pieces = 1;
    let step = steps.next();
    for (; step.done !== true; step = steps.next(), pieces++) {
      // Another draft on the same state, and a question that moves a map back there.
      draftBlock(grown.spec, before, parent, env, candidates.slice(0, pieces % 12), payTo);
      if (pieces % 2 === 0) before.coins.prove(grown.head.id);
    }
    assert.ok(pieces >= 3, `${pieces} pieces`);
    const { result, ...rest } = step.value;
    const { result: expected, ...others } = whole;
    assert.deepEqual(rest, others);
    assert.deepEqual(
      [result.undo, result.receipts, result.stateRoot],
      [expected.undo, expected.receipts, expected.stateRoot],
    );
    assert.ok(rest.transactions.length > 5);
  }
});
