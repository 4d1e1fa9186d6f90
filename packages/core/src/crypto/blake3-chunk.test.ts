import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { AssertionError } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { CHUNK_BYTES_MAX, chunkKey, keyedChunkHash } from './blake3-chunk.ts';

const KEYS = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('keyed BLAKE3 of one chunk', () => {
  it('is that of @noble/hashes for every length', () => {
    const random = seededRandom(7);
    for (let length = 0; length <= CHUNK_BYTES_MAX; length++) {
      const [key, bytes] = [random.bytes(32), random.bytes(length)];
      assert.equal(toHex(keyedChunkHash(chunkKey(key), bytes)), toHex(blake3(bytes, { key })), `${length}`);
    }
  });

  it('is that of @noble/hashes for any key and input, also where they lie inside a larger buffer', () => {
    fc.assert(
      fc.property(KEYS, fc.uint8Array({ maxLength: 200 }), fc.nat(9), (key, bytes, at) => {
        const wide = new Uint8Array(bytes.length + 20).fill(0xee);
        wide.set(bytes, at);
        const inside = wide.subarray(at, at + bytes.length);
        const wideKey = Uint8Array.of(...wide.subarray(0, 3), ...key).subarray(3);
        assert.deepEqual(keyedChunkHash(chunkKey(wideKey), inside), blake3(bytes, { key }));
      }),
    );
  });

  it('asserts on what is longer than a chunk, and on a key of another length', () => {
    const key = chunkKey(new Uint8Array(32));
    assert.throws(() => keyedChunkHash(key, new Uint8Array(CHUNK_BYTES_MAX + 1)), AssertionError);
    assert.throws(() => chunkKey(new Uint8Array(31)), AssertionError);
  });
});
