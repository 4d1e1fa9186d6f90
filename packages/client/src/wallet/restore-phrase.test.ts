import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type Result } from '@calin/core/base/result.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { accountKey } from '../keys/hd.ts';
import { mnemonicToSeed } from '../keys/mnemonic.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { refuseRpc } from '../rpc/rules.ts';
import { must } from '../transaction-builder/wallet.testing.ts';
import { restorePhrase } from './restore-phrase.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const seed = mnemonicToSeed(PHRASE);
const addressAt = (index: number) => formatAddress(keyAddress(accountKey(seed, index).publicKey), 'dcal');

interface Call {
  readonly method: string;
  readonly params: { readonly address: string };
}

/** A node that knows of some accounts: by what they hold, or by what happened. */
function nodeThatKnows(holding: readonly number[], active: readonly number[]) {
  const [held, moved] = [holding, active].map((list) => new Set(list.map(addressAt)));
  const answer = ({ method, params: { address } }: Call): Result<unknown> =>
    method === 'account_getBalance'
      ? ok({ balances: [{ confirmed: held?.has(address) ? 5 : 0, immature: 0, incoming: 0 }] })
      : ok({ total: moved?.has(address) ? 1 : 0 });
  return { batch: async (calls: readonly Call[]) => ok(calls.map(answer)) } as unknown as Pick<
    RpcClient,
    'batch'
  >;
}

test('accounts come back up to the last one that holds something or has moved', async () => {
  const told: number[] = [];
  const client = nodeThatKnows([1], [3]);
  const wallet = must(await restorePhrase(PHRASE, 'dcal', client, ({ looked }) => told.push(looked)));
  assert.deepEqual(
    wallet.accounts.map(({ name }) => name),
    ['main', 'account-1', 'account-2', 'account-3'],
  );
  assert.equal(wallet.phrase, PHRASE);
  assert.deepEqual(told, [20, 24]);
});

test('an unused phrase has its first account, and a node that cannot tell is no answer', async () => {
  assert.equal(must(await restorePhrase(PHRASE, 'dcal', nodeThatKnows([], []))).accounts.length, 1);
  const silent = { batch: async () => refuseRpc('rpc/unreachable') };
  const refused = await restorePhrase(PHRASE, 'dcal', silent);
  assert.equal(refused.ok ? 'nothing' : refused.error.rule, 'rpc/unreachable');
});
