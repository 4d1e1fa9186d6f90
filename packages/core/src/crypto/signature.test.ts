import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../base/bytes.ts';
import { rfc8032Vectors, smallOrderEncodings, traps, zip215Cases } from './ed25519.testing.ts';
import { publicKeyOf, type SignatureCheck, sign, verifySignature } from './signature.ts';
import { wycheproofCases } from './wycheproof.testing.ts';

const WYCHEPROOF = wycheproofCases();
/** Case 83 is TEST 1024 of the RFC, whose message of 1,023 bytes is not written down twice. */
const LONG_MESSAGE = (WYCHEPROOF[82] as { check: SignatureCheck }).check.message;

/**
 * Where ZIP-215 accepts what Wycheproof, which follows RFC 8032, calls invalid. Case 151: R is written with y = 1
 * and the sign of an x that is 0. The RFC refuses to decode it; ZIP-215 reads it as the identity, and S fits.
 */
const ACCEPTED_BY_ZIP_215 = [151];

describe('RFC 8032, section 7.1', () => {
  for (const { name, secretKey, check } of rfc8032Vectors(LONG_MESSAGE)) {
    it(name, () => {
      assert.equal(toHex(publicKeyOf(secretKey)), toHex(check.publicKey));
      assert.equal(toHex(sign(check.message, secretKey)), toHex(check.signature));
      assert.equal(verifySignature(check), true);
    });
  }

  it('knows the message of TEST 1024', () => assert.equal(LONG_MESSAGE.length, 1023));
});

describe('ZIP-215', () => {
  it('finds the 14 encodings of small points, all different', () => {
    const encodings = smallOrderEncodings();
    assert.equal(encodings.length, 14);
    assert.equal(new Set(encodings.map(toHex)).size, 14);
  });

  it('accepts all 196 cases', () => {
    const cases = zip215Cases();
    assert.equal(cases.length, 196);
    for (const check of cases) {
      assert.equal(
        verifySignature(check),
        true,
        `A ${toHex(check.publicKey)} R ${toHex(check.signature.subarray(0, 32))}`,
      );
    }
  });

  it('refuses the 196 cases with another S', () => {
    for (const check of zip215Cases()) {
      assert.equal(verifySignature({ ...check, signature: check.signature.with(32, 1) }), false);
    }
  });

  for (const { name, check, valid } of traps(12_345n, 777n, new Uint8Array(32).fill(5))) {
    it(`${valid ? 'accepts' : 'refuses'} ${name}`, () => assert.equal(verifySignature(check), valid));
  }
});

describe('Wycheproof', () => {
  it('has 151 cases, 88 of them valid', () => {
    assert.deepEqual(
      WYCHEPROOF.map(({ tcId }) => tcId),
      Array.from({ length: 151 }, (_, i) => i + 1),
    );
    assert.equal(WYCHEPROOF.filter(({ valid }) => valid).length, 88);
  });

  for (const { tcId, check, valid } of WYCHEPROOF) {
    const expected = valid || ACCEPTED_BY_ZIP_215.includes(tcId);
    it(`${expected ? 'accepts' : 'refuses'} case ${tcId}`, () => {
      assert.equal(verifySignature(check), expected);
    });
  }
});

describe('a signature', () => {
  const secretKey = new Uint8Array(32).fill(7);
  const publicKey = publicKeyOf(secretKey);

  it('is valid for its message and key, and for no other bit of any of them', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('publicKey', 'message', 'signature'),
        fc.nat(),
        (message, part, at) => {
          const check = { publicKey, message, signature: sign(message, secretKey) };
          assert.equal(verifySignature(check), true);
          const changed = check[part];
          const bit = at % (8 * changed.length);
          const byte = bit >> 3;
          const flipped = changed.with(byte, (changed[byte] as number) ^ (1 << (bit & 7)));
          assert.equal(verifySignature({ ...check, [part]: flipped }), false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of the wrong length, or by a key of the wrong length, is refused without a throw', () => {
    const message = Uint8Array.of(1);
    const signature = sign(message, secretKey);
    for (const length of [0, 1, 31, 32, 33, 63, 65, 128]) {
      const resized = new Uint8Array(length);
      resized.set(signature.subarray(0, length));
      assert.equal(verifySignature({ publicKey, message, signature: resized }), false, `signature ${length}`);
      if (length === 32) continue;
      const key = new Uint8Array(length);
      key.set(publicKey.subarray(0, length));
      assert.equal(verifySignature({ publicKey: key, message, signature }), false, `key ${length}`);
    }
  });

  it('by a key that is no point is refused without a throw', () => {
    const message = Uint8Array.of(1);
    const check = { publicKey: new Uint8Array(32).fill(2), message, signature: sign(message, secretKey) };
    assert.equal(verifySignature(check), false);
  });
});
