import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashInPlaceOfArgon2id, testOptions } from '../keystore/keystore.testing.ts';
import { must } from '../transaction-builder/wallet.testing.ts';
import { rename } from './edit-wallet.ts';
import { walletOfPhrase } from './restore-phrase.ts';
import {
  createWalletKey,
  openWallet,
  openWalletByKey,
  sealWalletByKey,
  walletKeyOf,
} from './wallet-backup.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const OPTIONS = testOptions(hashInPlaceOfArgon2id);

test('a key seals again and again, each time under another nonce, and the password opens all', async () => {
  const wallet = must(walletOfPhrase(PHRASE, 'dcal', 1));
  const key = must(await createWalletKey('four words', OPTIONS));
  const texts = [wallet, wallet, must(rename(wallet, 'main', 'purse'))].map((one) =>
    sealWalletByKey(one, key, OPTIONS.random),
  );
  const nonces = texts.map((text) => (JSON.parse(text) as { cipher: { nonce: string } }).cipher.nonce);
  assert.equal(new Set(nonces).size, 3);
  assert.deepEqual(must(openWalletByKey(texts[0] ?? '', key)), wallet);
  const opened = must(await openWallet(texts[2] ?? '', 'four words', hashInPlaceOfArgon2id));
  assert.equal(opened.accounts[0]?.name, 'purse');
  assert.deepEqual(must(await walletKeyOf(texts[0] ?? '', 'four words', hashInPlaceOfArgon2id)), key);
});

test('the key of another password or salt opens nothing', async () => {
  const wallet = must(walletOfPhrase(PHRASE, 'dcal', 1));
  const key = must(await createWalletKey('four words', OPTIONS));
  const text = sealWalletByKey(wallet, key, OPTIONS.random);
  const others = [
    must(await createWalletKey('four words', OPTIONS)),
    must(await walletKeyOf(text, 'other words', hashInPlaceOfArgon2id)),
  ];
  for (const other of others) {
    const refused = openWalletByKey(text, other);
    assert.equal(refused.ok ? 'nothing' : refused.error.rule, 'keystore/wrong-password');
  }
  const empty = await walletKeyOf(text, '', hashInPlaceOfArgon2id);
  assert.equal(empty.ok ? 'nothing' : empty.error.rule, 'keystore/wrong-password');
});
