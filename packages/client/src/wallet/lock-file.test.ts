import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { testKey, testOwners } from '@calin/core/ledger/testing/owners.testing.ts';
import { presentLock } from '@calin/core/rpc/json/lock.ts';
import { formatLockFile, lockOf, parseLockFile } from './lock-file.ts';

const ruleOf = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.error.rule);
const key = (n: number): string => toHex(testKey(n).publicKey);

test('every kind of lock comes back from its file', () => {
  for (const { openings } of testOwners(0)) {
    const { lock } = openings[0];
    const read = parseLockFile(formatLockFile(lock, 'cal'), 'cal');
    assert.ok(read.ok, lock.kind);
    assert.deepEqual(presentLock(read.value), presentLock(lock));
  }
});

test('keys may be named in any order, each once, and as many sign as there are', () => {
  const publicKeys = [key(3), key(1), key(2)];
  const lock = lockOf({ kind: 'multisig', threshold: 2, publicKeys });
  const other = lockOf({ kind: 'multisig', threshold: 2, publicKeys: publicKeys.toReversed() });
  assert.ok(lock.ok && other.ok);
  assert.equal(formatLockFile(lock.value, 'cal'), formatLockFile(other.value, 'cal'));
  assert.equal(ruleOf(lockOf({ kind: 'multisig', threshold: 4, publicKeys })), 'wallet/lock');
  const twice = [key(1), key(1)];
  assert.equal(ruleOf(lockOf({ kind: 'multisig', threshold: 1, publicKeys: twice })), 'wallet/lock');
  const inner = { kind: 'multisig', threshold: 1, publicKeys: twice } as const;
  assert.equal(ruleOf(lockOf({ kind: 'timelock', unit: 'height', from: 1, inner })), 'wallet/lock');
  const guarded = { kind: 'recoverable', owner: key(1), threshold: 1, restBlocks: 1 } as const;
  assert.equal(ruleOf(lockOf({ ...guarded, guardians: twice })), 'wallet/lock');
});

test('a file of another lock, network or kind is refused', () => {
  const [one, two] = [1, 2].map((n) =>
    formatLockFile({ kind: 'key', publicKey: testKey(n).publicKey }, 'cal'),
  );
  assert.ok(one !== undefined && two !== undefined);
  const swapped = one.replace(key(1), key(2));
  assert.equal(ruleOf(parseLockFile(swapped, 'cal')), 'wallet/lock-file');
  assert.equal(ruleOf(parseLockFile(one, 'dcal')), 'codec/address');
  for (const text of ['', '{}', 'null', one.replace('calin-lock', 'lock'), ' '.repeat(9000)])
    assert.equal(ruleOf(parseLockFile(text, 'cal')), 'wallet/lock-file');
});
