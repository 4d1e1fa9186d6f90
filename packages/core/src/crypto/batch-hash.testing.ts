import { assert } from '../base/assert.ts';
import type { BatchHasher } from './batch-hash.ts';
import { keyedHash } from './hash.ts';
import { merkleRoot } from './merkle.ts';

/** A hasher that takes one message after the other. */
export function createPlainHasher(): BatchHasher {
  let loaded = new Uint8Array(0);
  return {
    load(bytes) {
      assert(bytes.length <= 67_108_864, `${bytes.length} bytes are too many to load`);
      loaded = bytes.slice();
    },
    hashSpans(key, spans, count, out) {
      for (let i = 0; i < count; i++) {
        const [offset, length] = spans.subarray(2 * i, 2 * i + 2) as unknown as [number, number];
        assert(offset + length <= loaded.length, 'a span ends within the loaded bytes');
        out.set(keyedHash(key, loaded.subarray(offset, offset + length)), 32 * i);
      }
    },
    merkleRoot: (leaves, count) =>
      merkleRoot(Array.from({ length: count }, (_, i) => leaves.slice(32 * i, 32 * i + 32))),
    hash: keyedHash,
  };
}
