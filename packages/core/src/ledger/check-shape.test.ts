import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AMOUNT_MAX, amount } from '../base/amount.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import type { TransactionBody } from '../primitives/transaction.ts';
import type { LimitSpec } from '../spec/chain-spec.ts';
import { checkShape } from './check-shape.ts';
import { signBlank, testKey } from './testing/owners.testing.ts';
import { tamperScene, withBody } from './testing/tamper.testing.ts';
import { gasOf } from './transaction-gas.ts';

const { spec, env, transfer } = tamperScene(signBlank);
const output = (asset: number, value: number) => ({
  asset,
  amount: amount(value),
  address: testKey(0).address,
});

/** The rule that refuses the transfer with some changes, by its shape alone. */
function ruleOf(changes: Partial<TransactionBody>, limits: Partial<LimitSpec> = {}): string {
  const narrow = { ...spec, limits: { ...spec.limits, ...limits } };
  const shape = checkShape(narrow, withBody(transfer, changes, env.chainId));
  return shape.ok ? 'accepted' : shape.error.rule;
}

test('the byte and the gas limit can be reached, not passed', () => {
  const bytes = transfer.bytes.length;
  assert.equal(ruleOf({}, { transactionBytesMax: bytes }), 'accepted');
  assert.equal(ruleOf({}, { transactionBytesMax: bytes - 1 }), 'tx/too-large');
  const gas = gasOf(spec, transfer);
  assert.equal(ruleOf({}, { blockGasMax: gas }), 'accepted');
  assert.equal(ruleOf({}, { blockGasMax: gas - 1 }), 'tx/gas-too-high');
});

test('sums are bounded for each asset by itself', () => {
  const sums = (...outputs: readonly ReturnType<typeof output>[]) => ruleOf({ outputs });
  assert.equal(sums(output(NATIVE_ASSET, AMOUNT_MAX)), 'accepted');
  assert.equal(
    sums(output(NATIVE_ASSET, AMOUNT_MAX), output(5, AMOUNT_MAX), output(6, AMOUNT_MAX)),
    'accepted',
  );
  assert.equal(sums(output(5, AMOUNT_MAX - 1), output(6, 9), output(5, 1)), 'accepted');
  assert.equal(sums(output(5, AMOUNT_MAX - 1), output(6, 9), output(5, 2)), 'tx/sum-too-large');
});

test('inputs may share a txid or an index, not both', () => {
  const [input] = transfer.inputs;
  assert.ok(input);
  const other = { txid: env.chainId, index: input.index };
  const next = { txid: input.txid, index: input.index + 1 };
  assert.equal(ruleOf({ inputs: [input, other, next] }), 'accepted');
  assert.equal(ruleOf({ inputs: [other, input, next, input] }), 'tx/input-repeated');
});

test('a shape carries what was read on the way', () => {
  const shape = checkShape(spec, transfer);
  assert.ok(shape.ok);
  assert.deepEqual(shape.value, { actions: [], gas: gasOf(spec, transfer) });
});
