import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicKeyOf, sign } from '@calin/core/crypto/signature.ts';
import { createKeySigner } from './key-signer.ts';

test('it signs as the reference does, and answers in a turn of its own', async () => {
  for (let n = 1; n <= 20; n++) {
    const secretKey = new Uint8Array(32).fill(n);
    const publicKey = publicKeyOf(secretKey);
    const signer = createKeySigner({ secretKey, publicKey });
    const message = new Uint8Array(32).fill(100 + n);
    let isAnswered = false;
    const signature = await new Promise((resolve) => {
      signer.sign(message, (made) => {
        isAnswered = true;
        resolve(made);
      });
      assert.ok(!isAnswered);
    });
    assert.deepEqual(signature, sign(message, secretKey));
    assert.deepEqual(signer.publicKey, publicKey);
  }
});
