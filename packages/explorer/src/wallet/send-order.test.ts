import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { CHAIN_ID, coin, must, payment, SPEC } from '@calin/client/transaction-builder/wallet.testing.ts';
import { NATIVE_UNITS } from '@calin/client/wallet/asset-units.ts';
import { keyOpening } from '@calin/client/wallet/build-payment.ts';
import { addAddress } from '@calin/client/wallet/edit-wallet.ts';
import { formatPaymentUri } from '@calin/client/wallet/payment-uri.ts';
import { walletOfPhrase } from '@calin/client/wallet/restore-phrase.ts';
import type { WalletChain } from '@calin/client/wallet/wallet-chain.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import {
  buildSend,
  coinName,
  FEE_SPEEDS,
  readAmount,
  readRecipient,
  type SendOrder,
  usualGas,
} from './send-order.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const wallet = must(walletOfPhrase(PHRASE, 'dcal', 1));
const [account] = wallet.accounts;
assert(account !== undefined);
const to = payment(1).address;

/** A chain whose node estimates a fee by how many blocks it is asked for. */
const chain: WalletChain = {
  client: {
    call: async (_: string, { targetBlocks }: { targetBlocks: number }) =>
      ok({ feePerGas: 100 / targetBlocks }),
  } as unknown as RpcClient,
  spec: SPEC,
  chainId: CHAIN_ID,
  network: { addressPrefix: 'dcal' },
  status: { head: { height: 70, timeMs: 0 } },
};
const order: SendOrder = {
  account,
  to,
  asset: 0,
  amount: 1_000_000,
  speed: 'normal',
  coins: undefined,
  expiryBlocks: undefined,
};
const own = (value: number, asset = 0) => coin(value, keyOpening(account), asset);

test('whom to pay is read from a name, an address and a request', () => {
  const address = formatAddress(to, 'dcal');
  const document = must(addAddress(wallet, 'contacts', { name: 'bob', address }));
  const uri = formatPaymentUri({ address: to, amountText: '2.5' }, 'dcal');
  for (const text of ['bob', ` ${address} `, address.toUpperCase(), uri])
    assert.deepEqual(must(readRecipient(text, document)).address, to, text);
  assert.equal(must(readRecipient(uri, document)).amountText, '2.5');
  for (const text of ['alice', 'calin:nobody', formatAddress(to, 'tcal')])
    assert(!readRecipient(text, document).ok, text);
  assert.equal(must(readAmount(' Everything ', NATIVE_UNITS)), 'everything');
  assert.equal(must(readAmount('0.5', NATIVE_UNITS)), 50_000_000);
  assert(!readAmount('0', NATIVE_UNITS).ok);
});

test('a payment costs by how soon it shall be there, and may expire', async () => {
  const coins = [own(5e9)];
  const fees = [];
  for (const { speed } of FEE_SPEEDS) fees.push(must(await buildSend(chain, coins, { ...order, speed })).fee);
  assert.deepEqual(
    fees,
    [10, 50, 100].map((perGas) => perGas * usualGas(SPEC)),
  );
  assert.equal(must(await buildSend(chain, coins, { ...order, expiryBlocks: 10 })).body.expiryHeight, 80);
  assert.equal(must(await buildSend(chain, coins, order)).body.expiryHeight, 0);
});

test('everything leaves nothing of the asset, and the fee is paid from the native coin', async () => {
  const coins = [own(5e9), own(3e9), own(70, 4)];
  const native = must(await buildSend(chain, coins, { ...order, amount: 'everything' }));
  assert.deepEqual(native.body.outputs, [{ asset: 0, amount: 8e9 - native.fee, address: to }]);
  assert.equal(native.inputs.length, 2);
  const token = must(await buildSend(chain, coins, { ...order, asset: 4, amount: 'everything' }));
  const [paid, ...rest] = token.body.outputs;
  assert.deepEqual(paid, { asset: 4, amount: 70, address: to });
  assert(
    rest.every(
      ({ asset, address }) => asset === 0 && Buffer.compare(address, keyAddress(account.publicKey)) === 0,
    ),
  );
  for (const asset of [0, 4]) {
    const nothing = await buildSend(chain, [own(5e9, 9)], { ...order, asset, amount: 'everything' });
    assert.equal(nothing.ok ? '' : nothing.error.rule, 'wallet/insufficient-funds');
  }
});

test('chosen coins are spent, all of them and no others', async () => {
  const coins = [own(5e9), own(3e9), own(2e9)];
  const chosen = coins.slice(1);
  const named = new Set(chosen.map(coinName));
  const built = must(await buildSend(chain, coins, { ...order, coins: named }));
  assert.deepEqual(new Set(built.inputs.map(coinName)), named);
  const all = must(await buildSend(chain, coins, { ...order, coins: named, amount: 'everything' }));
  assert.deepEqual(all.body.outputs, [{ asset: 0, amount: 5e9 - all.fee, address: to }]);
});
