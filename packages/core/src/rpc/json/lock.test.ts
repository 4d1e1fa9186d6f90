import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '../../base/bytes.ts';
import { testOwners } from '../../ledger/testing/owners.testing.ts';
import { lockJson, presentLock } from './lock.ts';

test('every kind of lock is shown in the declared shape, with each of its keys', () => {
  const locks = testOwners(0).map(({ openings }) => openings[0].lock);
  const kinds = new Set(locks.map(({ kind }) => kind));
  assert.deepEqual([...kinds].toSorted(), ['htlc', 'key', 'multisig', 'recoverable', 'timelock']);
  for (const [position, lock] of locks.entries()) {
    const shown = presentLock(lock);
    const parsed = lockJson.parse(shown, 'lock');
    assert.ok(parsed.ok, `${lock.kind}: ${parsed.ok ? '' : JSON.stringify(parsed.error)}`);
    assert.equal(shown.kind, lock.kind);
    const text = JSON.stringify(shown);
    for (const { openings } of testOwners(0).slice(position, position + 1)) {
      for (const key of openings.flatMap(({ signers }) => signers)) {
        assert.ok(text.includes(toHex(key.publicKey)), lock.kind);
      }
    }
  }
});
