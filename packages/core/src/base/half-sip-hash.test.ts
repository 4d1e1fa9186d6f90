import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { halfSipHash } from './half-sip-hash.ts';

/** The bytes 0, 1, 2 and so on, as the key and as the message. */
const WORDS = Int32Array.of(0x0302_0100, 0x0706_0504, 0x0b0a_0908);
const KEY = { low: 0x0302_0100, high: 0x0706_0504 };

describe('HalfSipHash-1-3', () => {
  // Linux, lib/test_siphash.c, the vectors of 32-bit machines for 0 and 4 bytes.
  it('gives the published values', () => {
    assert.equal(halfSipHash(KEY, WORDS, 0, 0), 0x5814_c896);
    assert.equal(halfSipHash(KEY, WORDS, 0, 1), 0x7e05_9ea6);
  });

  it('depends on every bit of key and words, and on where they begin', () => {
    const words = Int32Array.from({ length: 9 }, (_, i) => i * 77);
    const hashes = new Set([halfSipHash(KEY, words, 0, 8), halfSipHash(KEY, words, 1, 8)]);
    for (let bit = 0; bit < 256; bit++) {
      const other = words.slice();
      other[bit >>> 5] = (other[bit >>> 5] as number) ^ (1 << (bit & 31));
      hashes.add(halfSipHash(KEY, other, 0, 8));
    }
    for (let bit = 0; bit < 32; bit++) {
      hashes.add(halfSipHash({ ...KEY, low: KEY.low ^ (1 << bit) }, words, 0, 8));
      hashes.add(halfSipHash({ ...KEY, high: KEY.high ^ (1 << bit) }, words, 0, 8));
    }
    assert.equal(hashes.size, 2 + 256 + 64);
  });
});
