import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rfc8032Vectors, traps, zip215Cases } from '@calin/core/crypto/ed25519.testing.ts';
import { publicKeyOf, type SignatureCheck, sign, verifySignature } from '@calin/core/crypto/signature.ts';
import { wycheproofCases } from '@calin/core/crypto/wycheproof.testing.ts';
import fc from 'fast-check';
import { acceptedByLibsodium, verifySignatureFast } from './signatures.ts';

const WYCHEPROOF = wycheproofCases();
const LONG_MESSAGE = (WYCHEPROOF[82] as { check: SignatureCheck }).check.message;
const RFC_8032 = rfc8032Vectors(LONG_MESSAGE).map(({ check }) => check);
const TRAPS = [1n, 12_345n, 2n ** 251n + 9n].flatMap((a) => traps(a, a + 777n, new Uint8Array(32).fill(5)));

/** The two checks agree, and libsodium accepts nothing that the reference refuses. */
function assertSame(check: SignatureCheck, name: string): void {
  const expected = verifySignature(check);
  assert.equal(verifySignatureFast(check), expected, name);
  if (check.signature.length === 64 && acceptedByLibsodium(check)) assert.ok(expected, name);
}

describe('the fast check gives the answer of the reference', () => {
  it('on RFC 8032, where libsodium alone decides', () => {
    for (const check of RFC_8032) {
      assertSame(check, 'RFC 8032');
      assert.ok(acceptedByLibsodium(check));
      assert.ok(verifySignatureFast(check));
    }
  });

  it('on the 196 cases of ZIP-215, every one of which libsodium refuses', () => {
    const cases = zip215Cases();
    assert.equal(cases.length, 196);
    for (const check of cases) {
      assert.equal(acceptedByLibsodium(check), false);
      assert.equal(verifySignatureFast(check), true);
    }
  });

  it('on the 151 cases of Wycheproof', () => {
    assert.equal(WYCHEPROOF.length, 151);
    for (const { tcId, check } of WYCHEPROOF) assertSame(check, `case ${tcId}`);
  });

  it('on points with a part of small order, where libsodium alone would split the chain', () => {
    let split = 0;
    for (const { name, check, valid } of TRAPS) {
      assertSame(check, name);
      assert.equal(verifySignatureFast(check), valid, name);
      if (valid && !acceptedByLibsodium(check)) split++;
    }
    assert.ok(split > 0, 'no trap told the two rules apart');
  });

  it('on random signatures with one bit flipped', () => {
    const parts = fc.constantFrom('publicKey', 'message', 'signature');
    const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const messages = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(secrets, messages, parts, fc.nat(), (secretKey, message, part, at) => {
        const check = { publicKey: publicKeyOf(secretKey), message, signature: sign(message, secretKey) };
        assert.ok(acceptedByLibsodium(check));
        const changed = check[part];
        const bit = at % (8 * changed.length);
        const byte = bit >> 3;
        const flipped = changed.with(byte, (changed[byte] as number) ^ (1 << (bit & 7)));
        assertSame({ ...check, [part]: flipped }, `${part} bit ${bit}`);
      }),
      { numRuns: 60 },
    );
  });

  it('on any bytes at all, of any length', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 70 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
    );
    fc.assert(
      fc.property(bytes, bytes, bytes, (publicKey, message, signature) => {
        const check = { publicKey, message, signature };
        assert.equal(verifySignatureFast(check), verifySignature(check));
      }),
    );
  });
});
