import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { publicKeyOf } from '@calin/core/crypto/signature.ts';
import { proveVrf, verifyVrf } from '@calin/core/crypto/vrf.ts';
import { createVrfProver } from './vrf-prover.ts';

describe('draws proved by libsodium', () => {
  it('are those of RFC 9381, appendix B.3', () => {
    const path = new URL('../../../core/src/crypto/vrf.vectors.json', import.meta.url);
    const examples: readonly Record<'sk' | 'alpha' | 'pi', string>[] = JSON.parse(readFileSync(path, 'utf8'));
    assert.equal(examples.length, 3);
    for (const { sk, alpha, pi } of examples)
      assert.equal(toHex(createVrfProver(fromHex(sk))(fromHex(alpha))), pi);
  });

  it('are those of the reference, whatever the key and the input', () => {
    const random = seededRandom(34);
    for (let i = 0; i < 150; i++) {
      const [secretKey, input] = [random.bytes(32), random.bytes(random.below(200))];
      const proof = createVrfProver(secretKey)(input);
      assert.deepEqual(proof, proveVrf(secretKey, input));
      assert.ok(i % 10 !== 0 || verifyVrf(publicKeyOf(secretKey), input, proof) !== undefined);
    }
  });

  it('are the same again from one prover', () => {
    const secretKey = new Uint8Array(32).fill(7);
    const prove = createVrfProver(secretKey);
    for (const input of [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(1)])
      assert.deepEqual(prove(input), proveVrf(secretKey, input));
  });
});
