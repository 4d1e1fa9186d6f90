import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { devAccount } from '@calin/client/keys/dev-accounts.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { findAddress, findSigner } from './find-account.ts';
import { checkAccountName, listKeyFiles } from './key-files.ts';
import { DEV_PASSWORD } from './password.ts';
import { sealAndWrite } from './seal-account.ts';

const network = { spec: undefined, addressPrefix: 'dcal', dev: true };

function place(context: TestContext, dev = true) {
  const keystore = mkdtempSync(join(tmpdir(), 'calin-keys-'));
  context.after(() => rmSync(keystore, { recursive: true }));
  return { network: { ...network, dev }, keystore };
}

function newAccount(keystore: string, password: string) {
  const secretKey = new Uint8Array(32).fill(7);
  const secret = { kind: 'secret-key', secretKey } as const;
  return sealAndWrite({ name: 'alice', secret, password, prefix: 'dcal', keystore });
}

test('an account is found by its name, its address and its password', async (context) => {
  const at = place(context);
  const made = await newAccount(at.keystore, DEV_PASSWORD);
  assert.ok(made.ok);
  assert.equal(statSync(made.value.file).mode & 0o777, 0o600);
  const byName = findAddress('alice', at);
  const byAddress = findAddress(made.value.address, at);
  assert.ok(byName.ok && byAddress.ok);
  assert.deepEqual(byName.value, byAddress.value);
  const signer = await findSigner('alice', at, undefined);
  assert.ok(signer.ok);
  assert.equal(formatAddress(signer.value.address, 'dcal'), made.value.address);
  const wrong = await findSigner('alice', at, 'wrong');
  assert.ok(!wrong.ok && wrong.error.rule === 'keystore/wrong-password');
});

test('a second account of the same name changes nothing', async (context) => {
  const at = place(context);
  assert.ok((await newAccount(at.keystore, 'first')).ok);
  const again = await newAccount(at.keystore, 'second');
  assert.ok(!again.ok && again.error.rule === 'cli/account-exists');
  assert.deepEqual(readdirSync(at.keystore), ['alice.json']);
  const listed = listKeyFiles(at.keystore);
  assert.ok(listed.ok && listed.value.length === 1);
  assert.ok((await findSigner('alice', at, 'first')).ok);
});

test('development accounts exist on development networks only', async (context) => {
  const found = findAddress('dev3', place(context));
  assert.deepEqual(found, { ok: true, value: devAccount(3).address });
  const elsewhere = await findSigner('dev3', place(context, false), undefined);
  assert.ok(!elsewhere.ok && elsewhere.error.rule === 'cli/account-unknown');
});

test('a mistyped address is refused by its checksum, a name that leads elsewhere by its letters', (context) => {
  const at = place(context);
  const address = formatAddress(devAccount(0).address, 'dcal');
  const typo = findAddress(`${address.slice(0, -1)}x`, at);
  assert.ok(!typo.ok && typo.error.rule === 'codec/address');
  const foreign = findAddress(formatAddress(devAccount(0).address, 'cal'), at);
  assert.ok(!foreign.ok && foreign.error.rule === 'codec/address');
  for (const name of ['../alice', 'Alice', '', 'a/b', '.']) {
    const found = findAddress(name, at);
    assert.ok(!found.ok && found.error.rule === 'cli/account-unknown', name);
    assert.ok(!checkAccountName(name).ok, name);
  }
  assert.ok(!checkAccountName('dev0').ok && checkAccountName('dev10').ok);
});
