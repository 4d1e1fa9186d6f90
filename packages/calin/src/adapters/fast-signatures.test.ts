import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicKeyOf } from '@calin/core/crypto/signature.ts';
import { REFERENCE_SIGNATURES } from '@calin/sim/signatures.ts';
import { FAST_SIGNATURES } from './fast-signatures.ts';

test('keys of simulated networks sign, draw and are checked as by the reference', () => {
  for (let n = 1; n <= 10; n++) {
    const [secretKey, message] = [new Uint8Array(32).fill(n), new Uint8Array(32).fill(100 + n)];
    const publicKey = publicKeyOf(secretKey);
    for (let again = 0; again < 2; again++) {
      const signature = FAST_SIGNATURES.sign(message, secretKey);
      assert.deepEqual(signature, REFERENCE_SIGNATURES.sign(message, secretKey));
      assert.ok(FAST_SIGNATURES.verify({ publicKey, message, signature }));
      assert.ok(!FAST_SIGNATURES.verify({ publicKey, message: secretKey, signature }));
      const proof = FAST_SIGNATURES.prove(secretKey, message);
      assert.deepEqual(proof, REFERENCE_SIGNATURES.prove(secretKey, message));
    }
  }
});
