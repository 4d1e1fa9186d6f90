import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { AssertionError } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import { utf8Bytes } from '../base/text.ts';
import { BLAKE3_VECTORS, BLAKE3_VECTORS_KEY, vectorInput } from './blake3.testing.ts';
import { domainKey, type HashDomain, hash, hashPair, keyedHash } from './hash.ts';

/** A sample of the domains, enough to see that they are told apart. */
const DOMAINS: readonly HashDomain[] = ['address', 'coin', 'header', 'merkle-node', 'state-leaf', 'tx-leaf'];

describe('BLAKE3', () => {
  for (const [length, plain, keyed] of BLAKE3_VECTORS) {
    it(`official vector of ${length} bytes`, () => {
      const input = vectorInput(length);
      assert.equal(toHex(blake3(input)), plain);
      assert.equal(toHex(keyedHash(BLAKE3_VECTORS_KEY, input)), keyed);
    });
  }
});

describe('domains', () => {
  it('are keyed by the hash of their name', () => {
    assert.equal(toHex(domainKey('header')), toHex(blake3(utf8Bytes('calin/1/header'))));
    assert.equal(
      toHex(hash('header', Uint8Array.of(1, 2))),
      toHex(keyedHash(blake3(utf8Bytes('calin/1/header')), Uint8Array.of(1, 2))),
    );
  });

  it('give different hashes of the same bytes', () => {
    const bytes = new Uint8Array(64);
    const hashes = [toHex(blake3(bytes)), ...DOMAINS.map((domain) => toHex(hash(domain, bytes)))];
    assert.equal(new Set(hashes).size, DOMAINS.length + 1);
  });

  it('hash a pair as the 64 bytes in order, whatever was hashed before', () => {
    const sides = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(sides, sides, (left, right) => {
        const expected = hash('merkle-node', concatBytes(left, right));
        assert.ok(equalBytes(hashPair('merkle-node', left, right), expected));
      }),
    );
  });

  it('assert on a pair that is not two hashes, which would mix in bytes of the pair before', () => {
    const side = new Uint8Array(32);
    assert.throws(() => hashPair('merkle-node', side.subarray(1), side), AssertionError);
    assert.throws(() => hashPair('merkle-node', side, new Uint8Array(33)), AssertionError);
  });
});
