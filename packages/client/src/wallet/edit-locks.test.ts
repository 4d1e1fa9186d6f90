import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { must } from '../transaction-builder/wallet.testing.ts';
import { addLock, removeLock } from './edit-locks.ts';
import { emptyWallet } from './wallet-document.ts';

const lock = { kind: 'key', publicKey: testKey(1).publicKey } as const;

test('locks are kept by name, and forgotten', () => {
  const one = must(addLock(emptyWallet('dcal', undefined), 'safe', lock));
  const two = must(addLock(one, 'fund', lock));
  assert.deepEqual(
    two.locks.map(({ name }) => name),
    ['fund', 'safe'],
  );
  assert.deepEqual(must(removeLock(two, 'fund')), one);
});

test('a name is refused that is taken or cannot be one, and one that is not there', () => {
  const one = must(addLock(emptyWallet('dcal', undefined), 'safe', lock));
  for (const name of ['safe', 'Safe', '', 'x'.repeat(33)]) {
    const added = addLock(one, name, lock);
    assert.equal(added.ok ? undefined : added.error.rule, 'wallet/document', name);
  }
  const removed = removeLock(one, 'fund');
  assert.equal(removed.ok ? undefined : removed.error.rule, 'wallet/name-unknown');
});
