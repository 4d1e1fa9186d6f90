import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AMOUNT_MAX, amount } from '../base/amount.ts';
import { verifySignature } from '../crypto/signature.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import { createTransaction, type Transaction } from '../primitives/transaction.ts';
import { coinKey } from '../state/coin.ts';
import { Overlay } from '../state/view.ts';
import type { LedgerAction } from './actions/registry.ts';
import { applyTransaction } from './apply-transaction.ts';
import { checkShape } from './check-shape.ts';
import { keyOpening, testKey } from './testing/owners.testing.ts';
import { allocationOf, outputOf, type SpendOptions, spend } from './testing/spend.testing.ts';
import { tamperScene } from './testing/tamper.testing.ts';
import { readToken, tokenId, writeToken } from './token.ts';
import { gasOf } from './transaction-gas.ts';
import { SIGNATURES_CHECKED, signatureChecks } from './transaction-signatures.ts';

const scene = tamperScene();
const { history, spec, env, make } = scene;
const key = (n: number, round = 0) => allocationOf(history, `key ${n}`, round);
const to = (n: number, value: number, asset = NATIVE_ASSET) => ({
  asset,
  amount: amount(value),
  address: testKey(n).address,
});

function apply(tx: Transaction, overlay = new Overlay(scene.view), verify = verifySignature) {
  return applyTransaction(spec, overlay, tx, env, verify);
}

function ruleOf(result: ReturnType<typeof apply>): string {
  return result.ok ? 'accepted' : result.error.rule;
}

/** The transaction with its witnesses in another order; the signatures stay valid, for they do not cover it. */
function reordered(tx: Transaction, ...order: readonly number[]): Transaction {
  const witnesses = order.map((i) => tx.witnesses[i] as Transaction['witnesses'][number]);
  return createTransaction(tx, witnesses, env.chainId);
}

test('a transfer: coins move, the fee is its surplus, gas × base fee of it is burned', () => {
  const overlay = new Overlay(scene.view);
  const tx = make({ from: [key(2)], outputs: [to(1, 5)], tip: 100 });
  const applied = apply(tx, overlay);
  assert.ok(applied.ok);
  // One input, two outputs, one key witness: 12 + 36 + 2 × 48 + 104 bytes, 400 a signature, 100 an output.
  const gas = 248 + 400 + 200;
  assert.deepEqual(applied.value, {
    txid: tx.txid,
    gasUsed: gas,
    fee: gas * env.baseFee + 100,
    burned: gas * env.baseFee,
  });
  assert.equal(overlay.coin(coinKey(key(2).outpoint.txid, key(2).outpoint.index)), undefined);
  const coin = { index: 0, ...to(1, 5), height: env.height, reward: false };
  assert.deepEqual(overlay.coin(coinKey(tx.txid, 0)), coin);
});

test('a coin has one name: a txid that another index leads to the same key is not there', () => {
  const { outpoint, ...rest } = key(2);
  const other = { txid: coinKey(coinKey(outpoint.txid, outpoint.index), 77), index: 77 };
  assert.deepEqual(coinKey(other.txid, other.index), coinKey(outpoint.txid, outpoint.index));
  const overlay = new Overlay(scene.view);
  assert.equal(
    ruleOf(apply(make({ from: [{ ...rest, outpoint: other }], outputs: [to(1, 5)] }), overlay)),
    'tx/coin-missing',
  );
  assert.ok(overlay.coin(coinKey(outpoint.txid, outpoint.index)) !== undefined, 'and nothing was spent');
});

test('gas counts bytes, signatures, outputs and actions at their prices', () => {
  const prices = { gasPerByte: 3, gasPerSignature: 1_000, gasPerOutput: 50_000, gasPerAction: 7_000_000 };
  const tx = make({
    from: [allocationOf(history, 'multisig')],
    actions: [{ kind: 'data', hash: new Uint8Array(32), note: '' }],
  });
  const gas = gasOf({ fees: { ...spec.fees, ...prices } }, tx);
  assert.equal(gas, 3 * tx.bytes.length + 2 * 1_000 + 50_000 + 7_000_000);
});

test('one witness opens all coins of its address', () => {
  const tx = make({ from: [key(2), key(2, 1), key(2, 2)] });
  assert.equal(tx.witnesses.length, 1);
  assert.equal(ruleOf(apply(tx)), 'accepted');
});

test('witnesses stand in the order in which inputs, then actions, first need them, and in no other', () => {
  const { gold } = scene;
  const tx = make({
    from: [key(3, 1), key(2), key(3, 2)],
    outputs: [to(0, 1, gold.asset)],
    actions: [{ kind: 'token-mint', asset: gold.asset, amount: amount(1) }],
    authorities: [keyOpening(testKey(1))],
  });
  assert.equal(ruleOf(apply(tx)), 'accepted');
  for (const order of [
    [1, 0, 2],
    [2, 0, 1],
    [0, 2, 1],
    [0, 0, 1],
    [0, 1, 1],
  ]) {
    assert.equal(ruleOf(apply(reordered(tx, ...order))), 'tx/witness-missing', String(order));
  }
});

test('the witnesses are counted before any of them is looked at', () => {
  const { witnesses, ...body } = make({ from: [key(2)] });
  const [witness] = witnesses;
  assert.ok(witness);
  const tx = createTransaction({ ...body, witnessCount: 2 }, [witness, witness], env.chainId);
  const shape = checkShape(spec, tx);
  assert.ok(!shape.ok);
  assert.deepEqual([shape.error.rule, shape.error.evidence], ['tx/witness-unused', { got: 2, expected: 1 }]);
});

test('every signature of a multisig is checked, and by the key it stands for', () => {
  const tx = make({ from: [allocationOf(history, 'multisig')] });
  const asked: unknown[] = [];
  const applied = apply(tx, new Overlay(scene.view), (check) => {
    asked.push(check);
    return verifySignature(check);
  });
  assert.equal(ruleOf(applied), 'accepted');
  assert.deepEqual(asked, signatureChecks(tx));
  assert.equal(asked.length, 2);
  let calls = 0;
  assert.equal(ruleOf(apply(tx, new Overlay(scene.view), () => ++calls < 2)), 'tx/signature-invalid');
});

test('signatures of another chain are worth nothing here', () => {
  const elsewhere = { spec, env: { ...env, chainId: new Uint8Array(32) }, view: scene.view };
  const foreign = spend(elsewhere, { from: [key(2)] });
  const tx = createTransaction(foreign, foreign.witnesses, env.chainId);
  assert.equal(ruleOf(apply(tx)), 'tx/signature-invalid');
});

test('SIGNATURES_CHECKED skips the signatures and nothing else', () => {
  const blank = make({ from: [key(2)], signer: () => new Uint8Array(64) });
  assert.equal(ruleOf(apply(blank, new Overlay(scene.view), SIGNATURES_CHECKED)), 'accepted');
  assert.equal(ruleOf(apply(blank)), 'tx/signature-invalid');
});

test('a coin can be spent once, and its change at once', () => {
  const overlay = new Overlay(scene.view);
  const first = make({ from: [key(2)] });
  assert.equal(ruleOf(apply(first, overlay)), 'accepted');
  assert.equal(ruleOf(apply(first, overlay)), 'tx/coin-missing');
  const child = spend({ spec, env, view: overlay }, { from: [outputOf(first, 0, key(2).opening)] });
  assert.equal(ruleOf(apply(child, overlay)), 'accepted');
});

test('expiry: the last allowed height is still allowed, 0 never expires', () => {
  const at = (expiryHeight: number) => ruleOf(apply(make({ from: [key(2)], expiryHeight })));
  assert.deepEqual([at(env.height - 1), at(env.height), at(0)], ['tx/expired', 'accepted', 'accepted']);
});

test('a reward is spendable from its maturity on', () => {
  const at = (height: number) => {
    const place = { spec, env: { ...env, height }, view: scene.view };
    const overlay = new Overlay(scene.view);
    return ruleOf(
      applyTransaction(spec, overlay, spend(place, { from: [scene.reward] }), place.env, verifySignature),
    );
  };
  assert.deepEqual([at(3), at(4)], ['tx/coin-immature', 'accepted']);
});

test('the fee must reach gas × base fee to the hug, even where the product is no number any more', () => {
  assert.equal(ruleOf(apply(make({ from: [key(2)], tip: 0 }))), 'accepted');
  assert.equal(ruleOf(apply(make({ from: [key(2)], tip: -1 }))), 'tx/fee-too-low');
  const dear = { ...env, baseFee: AMOUNT_MAX };
  const tx = make({ from: [key(2)] });
  const refused = applyTransaction(spec, new Overlay(scene.view), tx, dear, verifySignature);
  assert.ok(!refused.ok);
  assert.equal(refused.error.rule, 'tx/fee-too-low');
  const gas = gasOf(spec, tx);
  assert.equal(refused.error.evidence['expected'], (BigInt(gas) * 9_007_199_254_740_991n).toString());
});

/** A token of which all 2^53 − 1 units exist, held by key 0, minted by key 1. */
function fullToken(): {
  overlay: Overlay;
  options: (actions: readonly LedgerAction[]) => SpendOptions;
  asset: number;
} {
  const overlay = new Overlay(scene.view);
  const asset = tokenId(key(1).outpoint, 0);
  const creation: LedgerAction = {
    kind: 'token-create',
    symbol: 'FULL',
    name: '',
    decimals: 0,
    supplyMax: AMOUNT_MAX,
    supply: AMOUNT_MAX,
    minter: testKey(1).address,
  };
  const created = make({ from: [key(1)], outputs: [to(0, AMOUNT_MAX, asset)], actions: [creation] });
  assert.equal(ruleOf(apply(created, overlay)), 'accepted');
  const purse = outputOf(created, 0, keyOpening(testKey(0)));
  const options = (actions: readonly LedgerAction[]): SpendOptions => ({
    from: [key(0, 1), purse],
    outputs: [to(0, AMOUNT_MAX, asset)],
    actions,
    authorities: [keyOpening(testKey(1))],
  });
  return { overlay, options, asset };
}

test('sums above 2^53 − 1 are refused, not rounded: burn all and mint all in one transaction', () => {
  const { overlay, options, asset } = fullToken();
  const place = { spec, env, view: overlay };
  const burn: LedgerAction = { kind: 'token-burn', asset, amount: AMOUNT_MAX };
  const mint: LedgerAction = { kind: 'token-mint', asset, amount: AMOUNT_MAX };
  const tx = spend(place, options([burn, mint]));
  assert.equal(ruleOf(apply(tx, overlay)), 'tx/sum-too-large');
  const one = { ...options([]), authorities: [] };
  assert.equal(ruleOf(apply(spend(place, one), overlay)), 'accepted');
});

test('burning more native coins than there are inputs is refused before the supply hears of it', () => {
  const tx = make({ from: [key(2)] });
  const burn = make({
    from: [key(2)],
    actions: [{ kind: 'token-burn', asset: NATIVE_ASSET, amount: amount(1) }],
  });
  const outputs = [{ ...to(2, 1), amount: AMOUNT_MAX }];
  const overspent = createTransaction({ ...burn, outputs }, burn.witnesses, env.chainId);
  assert.equal(ruleOf(apply(overspent)), 'tx/sum-too-large');
  const kept = createTransaction({ ...burn, outputs: tx.outputs }, burn.witnesses, env.chainId);
  assert.equal(ruleOf(apply(kept)), 'tx/fee-too-low');
});

test('a minted amount must be taken by outputs of the same transaction', () => {
  const { gold } = scene;
  const options: SpendOptions = {
    from: [key(0, 1)],
    actions: [{ kind: 'token-mint', asset: gold.asset, amount: amount(9) }],
    authorities: [keyOpening(testKey(1))],
  };
  assert.equal(ruleOf(apply(make(options))), 'tx/asset-imbalance');
  assert.equal(ruleOf(apply(make({ ...options, outputs: [to(5, 9, gold.asset)] }))), 'accepted');
});

test('coins of an asset that no token stands for cannot be made', () => {
  const made = make({ from: [key(2)], outputs: [to(2, 1, 4242)] });
  assert.equal(ruleOf(apply(made)), 'tx/asset-imbalance');
});

test('two tokens in one transaction have two ids, and a mint in the transaction that creates works', () => {
  const { outpoint } = key(2);
  const [first, second] = [tokenId(outpoint, 0), tokenId(outpoint, 1)];
  assert.notEqual(first, second);
  const creation: LedgerAction = {
    kind: 'token-create',
    symbol: 'T',
    name: '',
    decimals: 18,
    supplyMax: amount(10),
    supply: amount(1),
    minter: testKey(2).address,
  };
  const tx = make({
    from: [key(2)],
    outputs: [to(3, 4, first), to(3, 1, second)],
    actions: [creation, creation, { kind: 'token-mint', asset: first, amount: amount(3) }],
  });
  assert.equal(ruleOf(apply(tx)), 'accepted');
});

test('a token record is written and read as it was', () => {
  const overlay = new Overlay(scene.view);
  const token = {
    symbol: 'A1',
    name: 'Grüße, 世界 🌍',
    decimals: 18,
    supplyMax: AMOUNT_MAX,
    supply: amount(0),
    minter: testKey(9).address,
    height: 0xffff_ffff,
    txid: env.chainId,
  };
  writeToken(overlay, 77, token);
  assert.deepEqual(readToken(overlay, 77), token);
  assert.equal(readToken(overlay, 78), undefined);
});
