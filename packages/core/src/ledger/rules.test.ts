import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AMOUNT_MAX, amount } from '../base/amount.ts';
import type { Refusal } from '../base/result.ts';
import { verifySignature } from '../crypto/signature.ts';
import type { Action } from '../primitives/action.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { createTransaction, type Transaction } from '../primitives/transaction.ts';
import type { Witness } from '../primitives/witness.ts';
import { Overlay } from '../state/view.ts';
import type { LedgerAction } from './actions/registry.ts';
import { applyBlock } from './apply-block.ts';
import { applyTransaction } from './apply-transaction.ts';
import { refuseLedger } from './rules.ts';
import { keyOpening, testKey } from './testing/owners.testing.ts';
import { ALLOCATION } from './testing/spec.testing.ts';
import { allocationOf } from './testing/spend.testing.ts';
import { NOTARISED, tamperScene, withBody, withHeader, withTransactions } from './testing/tamper.testing.ts';
import { readToken, tokenId, writeToken } from './token.ts';
import { gasOf } from './transaction-gas.ts';

const scene = tamperScene();
const { history, spec, env, gold, fixed, make, transfer, valid } = scene;
const key = (n: number, round = 0) => allocationOf(history, `key ${n}`, round);
const body = (changes: Parameters<typeof withBody>[1], tx = transfer) => withBody(tx, changes, env.chainId);
const { address } = testKey(0);
const native = (value: number) => ({ asset: NATIVE_ASSET, amount: amount(value), address });
const act = (...actions: readonly LedgerAction[]) => make({ from: [key(0, 1)], actions });
const raw = (tag: number, bytes: Uint8Array) => body({ actions: [{ tag, body: bytes }] });
const goldCreation = history.blocks[0]?.block.transactions[1]?.actions[0] as Action;
/** The body of a token's creation with some bytes replaced. */
const creation = (at: number, ...bytes: readonly number[]) => {
  const copy = goldCreation.body.slice();
  copy.set(bytes, at);
  return raw(2, copy);
};

type Evidence = Refusal['evidence'];

/** One transaction for each rule: valid but for one thing. Every one is tried alone and in a block. */
const TRANSACTIONS: Readonly<Record<string, readonly [tx: () => Transaction, evidence: Evidence]>> = {
  'tx/too-large': [
    () => body({ actions: [{ tag: 1, body: new Uint8Array(16_384) }] }),
    { got: transfer.bytes.length + 16_388, expected: 16_384 },
  ],
  'tx/gas-too-high': [crowded, { expected: spec.limits.blockGasMax }],
  'tx/no-inputs': [() => body({ inputs: [], witnessCount: 0 }), { got: 0, expected: 1 }],
  'tx/input-repeated': [() => body({ inputs: [...transfer.inputs, ...transfer.inputs] }), { input: 1 }],
  'tx/output-zero': [
    () => body({ outputs: [...transfer.outputs, native(0)] }),
    { output: 2, got: 0, expected: 1 },
  ],
  'tx/sum-too-large': [() => body({ outputs: [native(AMOUNT_MAX), native(1)] }), { asset: 0 }],
  'tx/witness-missing': [
    () => make({ from: [{ ...key(2), opening: key(3).opening }] }),
    { witness: 0, got: hex(testKey(3).address), expected: hex(testKey(2).address) },
  ],
  'tx/witness-unused': [
    () => make({ from: [key(2), key(2, 1)], authorities: [keyOpening(testKey(3))] }),
    { got: 2, expected: 1 },
  ],
  'tx/signature-invalid': [
    () => body({ outputs: transfer.outputs.toReversed() }),
    { publicKey: hex(testKey(2).publicKey) },
  ],
  'tx/preimage-wrong': [() => claim(new Uint8Array(32)), {}],
  'tx/height-too-low': [() => make({ from: [allocationOf(history, 'htlc', 0, 1)] }), { got: 3, expected: 4 }],
  'tx/time-too-early': [
    () => make({ from: [allocationOf(history, 'timelock by time')] }),
    { got: spec.genesisTimeMs + 3000, expected: spec.genesisTimeMs + 3500 },
  ],
  'tx/age-too-low': [() => make({ from: [scene.fresh] }), { got: 1, expected: 2 }],
  'tx/age-without-coin': [() => mintByGuardians(), { expected: 2 }],
  'tx/expired': [() => make({ from: [key(2)], expiryHeight: 2 }), { got: 3, expected: 2 }],
  'tx/coin-missing': [
    () => body({ inputs: [{ txid: transfer.txid, index: 9 }] }),
    { input: 0, outpoint: `${hex(transfer.txid)}:9` },
  ],
  'tx/coin-immature': [() => make({ from: [scene.reward] }), { input: 0, got: 1, expected: 2 }],
  'tx/asset-imbalance': [
    () => make({ from: [key(0, 1), gold.purse], outputs: [{ ...native(999), asset: gold.asset }] }),
    { asset: gold.asset, got: 1000, expected: 999 },
  ],
  'tx/native-overspent': [
    () => body({ outputs: [native(ALLOCATION + 1)] }),
    { got: ALLOCATION, expected: ALLOCATION + 1 },
  ],
  'tx/fee-too-low': [() => make({ from: [key(2)], tip: -1 }), { baseFee: env.baseFee }],
  'action/unknown': [() => raw(99, new Uint8Array(0)), { action: 0, got: 99 }],
  'data/note': [() => raw(1, new Uint8Array(32 + 257)), { action: 0, got: 257, expected: 256 }],
  'data/already-notarised': [
    () => act({ kind: 'data', hash: NOTARISED, note: 'again' }),
    { action: 0, height: 1 },
  ],
  'token/symbol': [() => creation(52, 0x61), { action: 0, length: 4 }],
  'token/name': [() => creation(56, 0x0a), { action: 0, why: 'control character' }],
  'token/decimals': [() => creation(48, 19), { action: 0, got: 19, expected: 18 }],
  'token/supply-range': [() => creation(0, 0xe7, 0x03), { action: 0, got: 1000, expected: 999 }],
  'token/amount-zero': [() => raw(3, new Uint8Array(16)), { action: 0, asset: 0 }],
  'token/id-taken': [() => act(GOLD_AGAIN), { action: 0 }],
  'token/unknown': [
    () => act({ kind: 'token-mint', asset: 12345, amount: amount(1) }),
    { action: 0, asset: 12345 },
  ],
  'token/not-mintable': [
    () => act({ kind: 'token-mint', asset: fixed, amount: amount(1) }),
    { action: 0, asset: fixed },
  ],
  'token/supply-exceeded': [() => mint(4001), { action: 0, asset: gold.asset, got: 4001, expected: 4000 }],
  'token/burn-too-large': [
    () => act({ kind: 'token-burn', asset: gold.asset, amount: amount(1001) }),
    { action: 0, asset: gold.asset, got: 1001, expected: 1000 },
  ],
};

const GOLD_AGAIN: LedgerAction = {
  kind: 'token-create',
  symbol: 'GOLD',
  name: '',
  decimals: 0,
  supplyMax: amount(1),
  supply: amount(0),
  minter: address,
};

/** Two transactions that fill most of a block's gas each. */
const hogs = [2, 3].map((n) =>
  make({ from: [key(n, 1)], outputs: Array.from({ length: 250 }, () => native(1)) }),
);
const hogGas = [transfer, ...hogs].reduce((sum, tx) => sum + gasOf(spec, tx), 0);

/** Blocks that are valid but for one thing. */
const BLOCKS: Readonly<Record<string, readonly [block: () => typeof valid, evidence: Evidence]>> = {
  'block/base-fee': [
    () => withHeader(valid, { baseFee: amount(env.baseFee + 1) }),
    { got: env.baseFee + 1, expected: env.baseFee },
  ],
  'block/too-large': [
    () => withTransactions(valid, [...valid.transactions, ...Array.from({ length: 3 }, () => big)]),
    { expected: 40_000 },
  ],
  'block/gas-exceeded': [
    () => withTransactions(valid, [...valid.transactions, ...hogs]),
    { transaction: 3, got: hogGas, expected: 60_000 },
  ],
  'block/tx-root-mismatch': [
    () => withHeader(valid, { txRoot: env.chainId }),
    { got: hex(env.chainId), expected: hex(valid.header.txRoot) },
  ],
  'block/gas-used-mismatch': [
    () => withHeader(valid, { gasUsed: valid.header.gasUsed + 1 }),
    { got: valid.header.gasUsed + 1, expected: valid.header.gasUsed },
  ],
  'block/receipt-root-mismatch': [
    () => withHeader(valid, { receiptRoot: env.chainId }),
    { got: hex(env.chainId), expected: hex(valid.header.receiptRoot) },
  ],
  'block/state-root-mismatch': [
    () => withHeader(valid, { stateRoot: env.chainId }),
    { got: hex(env.chainId), expected: hex(valid.header.stateRoot) },
  ],
  'block/reward-missing': [() => withTransactions(valid, []), { got: 0, expected: 1 }],
  'block/reward-shape': [() => rewarded({ expiryHeight: 4 }), { field: 'expiryHeight', got: 4, expected: 3 }],
  'block/reward-actions': [
    () => rewarded({ actions: [goldCreation] }),
    { field: 'tag', got: 2, action: 0, transaction: 0 },
  ],
  'block/reward-amount': [
    () => rewarded({ outputs: [native(5_000_000_101)] }),
    { got: 5_000_000_101, expected: 5_000_000_100 },
  ],
  'tx/coin-spent': [
    () => withTransactions(valid, [...valid.transactions, make({ from: [key(2)] })]),
    {
      input: 0,
      outpoint: `${hex(key(2).outpoint.txid)}:${key(2).outpoint.index}`,
      spentBy: 1,
      transaction: 2,
    },
  ],
};

test('the scene itself is valid', () => {
  const applied = applyBlock(spec, history.state, valid, env, verifySignature);
  assert.ok(applied.ok);
  assert.equal(readToken(scene.view, gold.asset)?.supply, 1000);
});

test('every rule of the ledger is provoked', () => {
  const provoked = [...Object.keys(TRANSACTIONS), ...Object.keys(BLOCKS)].toSorted(byText);
  assert.deepEqual(provoked, Object.keys(refuseLedger.rules).toSorted(byText));
});

for (const [rule, [tx, evidence]] of Object.entries(TRANSACTIONS)) {
  test(`${rule}: refuses the transaction, and the block that holds it`, () => {
    const bad = tx();
    const overlay = tampered(rule);
    const before = overlay.changes();
    const alone = applyTransaction(spec, overlay, bad, env, verifySignature);
    assert.ok(!alone.ok, 'the transaction was accepted');
    assertRefusal(alone.error, rule, evidence);
    assert.deepEqual(overlay.changes(), before, 'a refused transaction leaves no trace');
    if (NEEDS_TAMPERED_STATE.has(rule)) return;
    const block = withTransactions(valid, [...valid.transactions.slice(0, 1), bad]);
    const inBlock = applyBlock(spec, history.state, block, env, verifySignature);
    assert.ok(!inBlock.ok, 'the block was accepted');
    assertRefusal(inBlock.error, rule, { ...evidence, transaction: 1 });
    assert.deepEqual([inBlock.error.banPoints, inBlock.error.retry], [100, false], 'final in a block');
  });
}

for (const [rule, [block, evidence]] of Object.entries(BLOCKS)) {
  test(`${rule}: refuses the block`, () => {
    const applied = applyBlock(spec, history.state, block(), env, verifySignature);
    assert.ok(!applied.ok, 'the block was accepted');
    assertRefusal(applied.error, rule, evidence);
    assert.equal(applied.error.banPoints, 100);
  });
}

test('a coin that never was is missing, whatever else the block spends', () => {
  const [input] = transfer.inputs;
  assert.ok(input);
  for (const missing of [
    { txid: env.chainId, index: input.index },
    { txid: input.txid, index: input.index + 1000 },
  ]) {
    const block = withTransactions(valid, [...valid.transactions, body({ inputs: [missing] })]);
    const applied = applyBlock(spec, history.state, block, env, verifySignature);
    assert.ok(!applied.ok);
    assertRefusal(applied.error, 'tx/coin-missing', { input: 0, transaction: 2 });
  }
});

test('each thing a reward must not do is refused by itself', () => {
  const [reward] = valid.transactions;
  assert.ok(reward);
  const cases: readonly (readonly [ReturnType<typeof rewarded>, Evidence])[] = [
    [rewarded({ inputs: transfer.inputs }), { field: 'inputs', got: 1 }],
    [rewarded({ outputs: [{ ...native(1), asset: gold.asset }] }), { field: 'asset', got: gold.asset }],
    [rewarded({ outputs: [...reward.outputs, native(0)] }), { field: 'amount', got: 0, expected: 1 }],
    [withTransactions(valid, [transfer]), { field: 'inputs', got: 1 }],
  ];
  for (const [block, evidence] of cases) {
    const applied = applyBlock(spec, history.state, block, env, verifySignature);
    assert.ok(!applied.ok);
    assertRefusal(applied.error, 'block/reward-shape', evidence);
  }
});

test('a reward may go to several outputs, but not add up to more than an amount can say', () => {
  const split = rewarded({ outputs: [native(5_000_000_000), native(100)] });
  const applied = applyBlock(spec, history.state, split, env, verifySignature);
  assert.equal(applied.ok ? '' : applied.error.rule, 'block/receipt-root-mismatch', 'the amount is right');
  const huge = applyBlock(
    spec,
    history.state,
    rewarded({ outputs: [native(AMOUNT_MAX), native(1)] }),
    env,
    verifySignature,
  );
  assert.ok(!huge.ok);
  assertRefusal(huge.error, 'block/reward-amount', { got: 'more than 2^53 − 1', expected: 5_000_000_100 });
});

/** Rules that only a state which no block has made can provoke. */
const NEEDS_TAMPERED_STATE: ReadonlySet<string> = new Set(['token/id-taken']);

function tampered(rule: string): Overlay {
  const overlay = new Overlay(scene.view);
  if (rule === 'token/id-taken') {
    const gone = readToken(overlay, gold.asset);
    assert.ok(gone);
    writeToken(overlay, tokenId(key(0, 1).outpoint, 0), gone);
  }
  return overlay;
}

function assertRefusal(refusal: Refusal, rule: string, evidence: Evidence): void {
  assert.equal(refusal.rule, rule, `${refusal.rule} ${JSON.stringify(refusal.evidence)}`);
  const { message, help } = refuseLedger.rules[rule as keyof typeof refuseLedger.rules];
  assert.deepEqual([refusal.message, refusal.help], [message, help]);
  for (const [name, value] of Object.entries(evidence)) assert.equal(refusal.evidence[name], value, name);
}

function rewarded(changes: Parameters<typeof withBody>[1]) {
  const [reward, ...others] = valid.transactions;
  assert.ok(reward);
  return withTransactions(valid, [body(changes, reward), ...others]);
}

const big = body({ actions: [{ tag: 1, body: new Uint8Array(15_000) }] });

/** Short, but with so many signatures that no block may hold it. */
function crowded(): Transaction {
  const witnesses = Array.from({ length: 140 }, () => transfer.witnesses[0] as Witness);
  return createTransaction({ ...transfer, witnessCount: witnesses.length }, witnesses, env.chainId);
}

/** Guardians who open a coin that has rested long enough may still not mint in its owner's name. */
function mintByGuardians(): Transaction {
  const rested = allocationOf(history, 'recoverable', 0, 1);
  const { guarded } = scene;
  return make({
    from: [rested],
    outputs: [{ ...native(1), asset: guarded }],
    actions: [{ kind: 'token-mint', asset: guarded, amount: amount(1) }],
  });
}

function claim(preimage: Uint8Array): Transaction {
  const purse = allocationOf(history, 'htlc');
  return make({ from: [{ ...purse, opening: { ...purse.opening, preimage } }] });
}

function mint(value: number): Transaction {
  const outputs = [{ asset: gold.asset, amount: amount(value), address }];
  return make({
    from: [key(0, 1)],
    outputs,
    actions: [{ kind: 'token-mint', asset: gold.asset, amount: amount(value) }],
    authorities: [keyOpening(testKey(1))],
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
