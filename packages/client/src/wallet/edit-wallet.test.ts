import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { accountKey } from '../keys/hd.ts';
import { mnemonicToSeed } from '../keys/mnemonic.ts';
import { must, payment } from '../transaction-builder/wallet.testing.ts';
import { addAddress, insertAccount, rename } from './edit-wallet.ts';
import { walletOfPhrase } from './restore-phrase.ts';
import { faultOf } from './wallet-document.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const address = formatAddress(payment(1).address, 'dcal');
const wallet = must(
  addAddress(must(walletOfPhrase(PHRASE, 'dcal', 2)), 'contacts', { name: 'bob', address }),
);

test('names change, lists stay in order, and no name stands twice', () => {
  const both = must(addAddress(wallet, 'contacts', { name: 'carol', address }));
  const renamed = must(rename(both, 'bob', 'dave'));
  assert.deepEqual(
    renamed.contacts.map(({ name }) => name),
    ['carol', 'dave'],
  );
  assert.equal(faultOf(renamed), undefined);
  assert.equal(must(rename(wallet, 'main', 'purse')).accounts[0]?.name, 'purse');
  for (const [name, wanted, rule] of [
    ['nobody', 'somebody', 'wallet/name-unknown'],
    ['bob', 'main', 'wallet/document'],
    ['bob', 'Bob Smith', 'wallet/document'],
  ] as const) {
    const refused = rename(wallet, name, wanted);
    assert.equal(refused.ok ? 'nothing' : refused.error.rule, rule);
  }
});

test('an account whose key was derived elsewhere is one of the phrase', () => {
  const { publicKey } = accountKey(mnemonicToSeed(PHRASE), 2);
  const added = must(insertAccount(wallet, { name: 'third', index: 2, publicKey }));
  assert.equal(faultOf(added), undefined);
  const again = insertAccount(added, { name: 'fourth', index: 2, publicKey });
  assert.equal(again.ok ? 'nothing' : again.error.rule, 'wallet/document');
});
