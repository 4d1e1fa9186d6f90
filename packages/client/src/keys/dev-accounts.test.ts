import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import {
  DEV_AUTHORITIES_MAX,
  DEV_MNEMONIC,
  devAccounts,
  devAuthority,
  devAuthorityIndex,
  devIndex,
} from './dev-accounts.ts';
import { createMnemonic } from './mnemonic.ts';

test('the phrase is BIP-39 of its text', () => {
  assert.equal(
    createMnemonic(12, () => utf8Bytes('calin dev chain!')),
    DEV_MNEMONIC,
  );
});

test('the addresses never change: people write them down', () => {
  const addresses = devAccounts().map(({ address }) => formatAddress(address, 'dcal'));
  assert.equal(addresses[0], 'dcal1u5hxgvuj7g200cep0e0926u5mk59lgup9lnlqyfhru64df2695vqplav7s');
  assert.equal(addresses[9], 'dcal18j2dtp75krr95hfjufgqgmnddxywmz9kht9dtnkxhzgcns3hfxuq8396q7');
  const keys = [...devAccounts(), devAuthority()].map(({ publicKey }) => toHex(publicKey));
  assert.equal(new Set(keys).size, 11, 'the authority is none of the accounts');
});

test('names are dev0 to dev9', () => {
  assert.equal(devIndex('dev7'), 7);
  for (const name of ['dev', 'dev10', 'dev-1', 'Dev1', 'dev1 '])
    assert.equal(devIndex(name), undefined, name);
});

test('every node of a local network has an authority of its own', () => {
  const authorities = Array.from({ length: 12 }, (_, i) => devAuthority(i));
  const keys = [...devAccounts(), ...authorities].map(({ publicKey }) => toHex(publicKey));
  assert.equal(new Set(keys).size, 22);
  assert.deepEqual(devAuthority(), authorities[0]);
  assert.equal(devAuthorityIndex('dev-authority'), 0);
  assert.equal(devAuthorityIndex('dev-authority-7'), 7);
  assert.equal(devAuthorityIndex(`dev-authority-${DEV_AUTHORITIES_MAX - 1}`), DEV_AUTHORITIES_MAX - 1);
  for (const name of ['dev-authority-', 'dev-authority-0', 'dev-authority-07', 'dev-authority-100', 'dev3'])
    assert.equal(devAuthorityIndex(name), undefined, name);
});
