import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { INPUTS_MAX } from '@calin/core/primitives/limits.ts';
import { buildSweep } from './build-sweep.ts';
import { signTransaction } from './sign-transaction.ts';
import { CHAIN_ID, coin, judge, must, overlayWith, SPEC, signerOf } from './wallet.testing.ts';

const to = testKey(8).address;
const shared = { spec: SPEC, feePerGas: amount(10), to };

test('everything goes to the address, less the fee to the last hug, and tokens stay', () => {
  const coins = [coin(300_000), coin(500_000), coin(90, undefined, 7)];
  const built = must(buildSweep({ ...shared, coins }));
  assert.deepEqual(
    built.inputs.map((one) => one.amount),
    [500_000, 300_000],
  );
  assert.deepEqual(built.body.outputs, [{ asset: 0, amount: 800_000 - built.fee, address: to }]);
  assert.equal(built.fee, built.gas * 10);
  const signed = must(signTransaction(built, CHAIN_ID, [signerOf(testKey(0))]));
  must(judge(overlayWith(coins), signed));
});

test('wallet/insufficient-funds: there is nothing, or the fee would take all of it', () => {
  for (const coins of [[], [coin(5)], [coin(90, undefined, 7)]]) {
    const built = buildSweep({ ...shared, coins });
    assert.equal(built.ok ? undefined : built.error.rule, 'wallet/insufficient-funds');
  }
});

test('of more coins than fit into a transaction the largest go', () => {
  const coins = Array.from({ length: INPUTS_MAX + 3 }, (_, i) => coin(10_000 + i));
  const built = must(buildSweep({ ...shared, coins }));
  assert.equal(built.inputs.length, INPUTS_MAX);
  assert.equal(built.inputs.at(-1)?.amount, 10_003);
});
