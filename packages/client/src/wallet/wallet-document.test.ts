import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { accountKey } from '../keys/hd.ts';
import { mnemonicToSeed } from '../keys/mnemonic.ts';
import { hashInPlaceOfArgon2id, testOptions } from '../keystore/keystore.testing.ts';
import { must } from '../transaction-builder/wallet.testing.ts';
import { addAccount, addAddress, removeAddress, setLabel } from './edit-wallet.ts';
import { findAccounts } from './find-accounts.ts';
import { openWallet, sealWallet } from './wallet-backup.ts';
import {
  addressInWallet,
  emptyWallet,
  formatWallet,
  parseWallet,
  type WalletDocument,
} from './wallet-document.ts';

const PHRASE = `${'abandon '.repeat(11)}about`;
const SEED = mnemonicToSeed(PHRASE);
const ADDRESS = formatAddress(new Uint8Array(32).fill(7), 'dcal');
const TXID = 'ab'.repeat(32);

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.rule;
}

/** A wallet with one of everything. */
function full(): WalletDocument {
  let wallet = must(addAccount(emptyWallet('dcal', PHRASE), 'main', SEED));
  wallet = must(addAccount(wallet, 'savings', SEED));
  wallet = must(addAddress(wallet, 'watched', { name: 'cold', address: ADDRESS }));
  wallet = must(addAddress(wallet, 'contacts', { name: 'bob', address: ADDRESS.toUpperCase() }));
  const lock = { kind: 'key', publicKey: accountKey(SEED, 5).publicKey } as const;
  wallet = must(setLabel({ ...wallet, locks: [{ name: 'fund', lock }] }, TXID, 'rent'));
  return must(setLabel(wallet, ADDRESS, 'the shop'));
}

test('a wallet is read back as it was written, in one way only', () => {
  const text = formatWallet(full());
  assert.deepEqual(must(parseWallet(text)), full());
  assert.equal(formatWallet(must(parseWallet(text))), text);
  const json = JSON.parse(text) as Record<string, unknown>;
  const changed = (changes: Record<string, unknown>) =>
    ruleOf(parseWallet(`${JSON.stringify({ ...json, ...changes }, undefined, 2)}\n`));
  assert.equal(changed({}), 'ok');
  const accounts = json['accounts'] as object[];
  const contacts = json['contacts'] as object[];
  for (const changes of [
    { version: 2 },
    { kind: 'calin-keystore' },
    { more: 1 },
    { phrase: PHRASE.replace('about', 'abandon') },
    { phrase: ` ${PHRASE}` },
    { accounts: accounts.toReversed() },
    { accounts: [{ ...accounts[0], publicKey: '11'.repeat(32) }] },
    { accounts: [{ ...accounts[0], name: 'bob' }] },
    { contacts: [...contacts, ...contacts] },
    { contacts: [{ name: 'Bob', address: ADDRESS }] },
    { contacts: [{ name: 'bob', address: ADDRESS.toUpperCase() }] },
    { contacts: [{ name: 'bob', address: formatAddress(new Uint8Array(32), 'cal') }] },
    { labels: [{ of: 'x', text: 'y' }] },
    { labels: [{ of: TXID, text: '' }] },
    { labels: [{ of: TXID, text: 'a\nb' }] },
  ])
    assert.equal(changed(changes), 'wallet/document', JSON.stringify(changes));
  assert.equal(ruleOf(parseWallet(text.slice(0, -1))), 'wallet/document');
});

test('names lead to addresses, and no name to two', () => {
  const wallet = full();
  assert.deepEqual(addressInWallet(wallet, 'savings'), keyAddress(accountKey(SEED, 1).publicKey));
  assert.deepEqual(addressInWallet(wallet, 'fund'), keyAddress(accountKey(SEED, 5).publicKey));
  assert.deepEqual(addressInWallet(wallet, 'bob'), new Uint8Array(32).fill(7));
  assert.equal(addressInWallet(wallet, 'eve'), undefined);
  for (const name of ['main', 'fund', 'cold', 'bob', 'Eve', ''])
    assert.equal(ruleOf(addAddress(wallet, 'contacts', { name, address: ADDRESS })), 'wallet/document', name);
  const without = must(removeAddress(wallet, 'bob'));
  assert.equal(addressInWallet(without, 'bob'), undefined);
  assert.equal(ruleOf(removeAddress(without, 'bob')), 'wallet/name-unknown');
  assert.equal(ruleOf(removeAddress(wallet, 'main')), 'wallet/name-unknown');
  assert.equal(must(setLabel(wallet, TXID, 'food')).labels.length, 2);
  assert.deepEqual(must(setLabel(wallet, TXID, undefined)).labels, [{ of: ADDRESS, text: 'the shop' }]);
});

test('a backup gives everything back, to the right password only', async () => {
  const options = testOptions(hashInPlaceOfArgon2id);
  const text = must(await sealWallet(full(), 'secret', options));
  assert.deepEqual(must(await openWallet(text, 'secret', hashInPlaceOfArgon2id)), full());
  for (const told of ['abandon', 'bob', 'dcal', toHex(full().accounts[0]?.publicKey ?? new Uint8Array(1))])
    assert.ok(!text.includes(told), told);
  assert.equal(ruleOf(await openWallet(text, 'wrong', hashInPlaceOfArgon2id)), 'keystore/wrong-password');
  assert.equal(ruleOf(await sealWallet(full(), '', options)), 'keystore/empty-password');
  const file = JSON.parse(text) as { ciphertext: string; kdf: object };
  const changed = async (changes: object) =>
    ruleOf(await openWallet(JSON.stringify({ ...file, ...changes }), 'secret', hashInPlaceOfArgon2id));
  const last = file.ciphertext.endsWith('0') ? '1' : '0';
  assert.equal(await changed({ ciphertext: file.ciphertext.slice(0, -1) + last }), 'keystore/wrong-password');
  assert.equal(await changed({ ciphertext: '' }), 'keystore/wrong-password');
  assert.equal(await changed({ kdf: { ...file.kdf, passes: 2 } }), 'keystore/wrong-password');
  assert.equal(await changed({ kdf: { ...file.kdf, passes: 65 } }), 'keystore/parameters');
  assert.equal(await changed({ version: 2 }), 'wallet/backup');
  assert.equal(ruleOf(await openWallet('{', 'secret', hashInPlaceOfArgon2id)), 'wallet/backup');
});

test('the length of a backup does not tell how many contacts there are', async () => {
  const options = testOptions(hashInPlaceOfArgon2id);
  const more = must(addAddress(full(), 'contacts', { name: 'carol', address: ADDRESS }));
  const [a, b] = [await sealWallet(full(), 'x', options), await sealWallet(more, 'x', options)].map(must);
  assert.equal(a?.length, b?.length);
});

test('accounts are found behind gaps of nineteen, and not behind one of twenty', async () => {
  const seen: number[] = [];
  const search = async (usedIndexes: readonly number[]) => {
    const used = new Set(usedIndexes.map((index) => toHex(keyAddress(accountKey(SEED, index).publicKey))));
    let asked = 0;
    const found = await findAccounts(
      SEED,
      async (addresses) => {
        asked += addresses.length;
        return { ok: true, value: addresses.map((address) => used.has(toHex(address))) };
      },
      ({ looked }) => seen.push(looked),
    );
    return { found: must(found), asked };
  };
  assert.deepEqual(await search([]), { found: [], asked: 20 });
  assert.deepEqual(await search([0, 2, 22, 42]), { found: [0, 2, 22, 42], asked: 63 });
  assert.deepEqual(await search([0, 21]), { found: [0], asked: 21 });
  assert.deepEqual(seen.slice(0, 1), [20]);
  const refusal = { ok: false, error: { rule: 'node/no-index' } } as const;
  const refused = await findAccounts(SEED, async () => refusal as unknown as Result<readonly boolean[]>);
  assert.equal(ruleOf(refused), 'node/no-index');
});
