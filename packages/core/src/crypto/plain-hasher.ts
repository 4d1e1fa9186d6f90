import { assert } from '../base/assert.ts';
import { type BatchHasher, LOAD_BYTES_MAX } from './batch-hash.ts';
import { keyedHash } from './hash.ts';
import { merkleRoot } from './merkle.ts';

/** The batch hasher that runs anywhere: one message after the other. What the kernel's is compared with. */
export function createPlainHasher(): BatchHasher {
  let loaded: Uint8Array = new Uint8Array(0);
  return {
    load(bytes) {
      assert(bytes.length <= LOAD_BYTES_MAX, 'more bytes than a hasher takes at a time');
      loaded = bytes;
    },
    hashSpans(key, spans, count, out) {
      assert(spans.length >= 2 * count && out.length >= 32 * count, 'fewer spans or less room than messages');
      for (let i = 0; i < count; i++) {
        const start = spans[2 * i] as number;
        const end = start + (spans[2 * i + 1] as number);
        assert(end <= loaded.length, 'a span ends behind the loaded bytes');
        out.set(keyedHash(key, loaded.subarray(start, end)), 32 * i);
      }
    },
    merkleRoot(leaves, count) {
      assert(leaves.length >= 32 * count, 'fewer leaves than counted');
      return merkleRoot(Array.from({ length: count }, (_, i) => leaves.slice(32 * i, 32 * i + 32)));
    },
    hash: keyedHash,
  };
}
