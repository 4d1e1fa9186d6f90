import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { checkPreimage } from '../transaction-builder/partial-transaction.ts';
import { createHashSecret } from './hash-secret.ts';

test('a secret opens the lock that names its hash', () => {
  const asked: number[] = [];
  const { secret, sha256 } = createHashSecret((length) => {
    asked.push(length);
    return new Uint8Array(length).fill(1);
  });
  assert.deepEqual(asked, [32]);
  // SHA-256 of 32 bytes of 1, as sha256sum has it.
  assert.equal(toHex(sha256), '72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793');
  const key = new Uint8Array(32);
  const lock = { kind: 'htlc', sha256, receiver: key, sender: key, refundHeight: 1 } as const;
  assert.equal(checkPreimage({ lock, path: 0, preimage: secret }).ok, true);
});
