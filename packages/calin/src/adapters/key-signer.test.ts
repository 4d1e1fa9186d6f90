import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicKeyOf, sign } from '@calin/core/crypto/signature.ts';
import { verifyVrf } from '@calin/core/crypto/vrf.ts';
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

test('it proves what its key draws, in a turn of its own', async () => {
  const secretKey = new Uint8Array(32).fill(7);
  const publicKey = publicKeyOf(secretKey);
  const signer = createKeySigner({ secretKey, publicKey });
  const input = new Uint8Array(40).fill(9);
  let isAnswered = false;
  const proof = await new Promise<Uint8Array | undefined>((resolve) => {
    signer.prove(input, (made) => {
      isAnswered = true;
      resolve(made);
    });
    assert.ok(!isAnswered);
  });
  assert.ok(proof !== undefined && verifyVrf(publicKey, input, proof) !== undefined);
});
