import type { BatchHasher } from './batch-hash.ts';
import { keyedHash } from './hash.ts';
import { merkleRoot } from './merkle.ts';

/** Hashes one message after the other: the twin of the kernel's hasher. */
export function createPlainHasher(): BatchHasher {
  let loaded: Uint8Array = new Uint8Array(0);
  return {
    load: (bytes) => {
      loaded = bytes;
    },
    hashSpans: (key, spans, count, out) => {
      for (let i = 0; i < count; i++) {
        const at = spans[2 * i] as number;
        out.set(keyedHash(key, loaded.subarray(at, at + (spans[2 * i + 1] as number))), 32 * i);
      }
    },
    merkleRoot: (leaves, count) =>
      merkleRoot(Array.from({ length: count }, (_, i) => leaves.slice(32 * i, 32 * i + 32))),
    hash: keyedHash,
  };
}
