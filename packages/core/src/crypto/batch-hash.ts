import type { Hash } from './hash.ts';

/** The most that {@link BatchHasher.load} takes: more than any block or snapshot chunk, and a bound on memory. */
export const LOAD_BYTES_MAX = 64 * 2 ** 20;

/**
 * Hashes many messages at a time. The plain implementation takes them one by one; the kernel's takes four in the
 * lanes of SIMD registers. Both give the bytes of {@link keyedHash}.
 */
export interface BatchHasher {
  /**
   * Takes the bytes in which the messages of later calls lie; they hold until the next load, and nobody changes
   * them until then. At most {@link LOAD_BYTES_MAX}.
   */
  load(bytes: Uint8Array): void;
  /**
   * Hashes messages of any length under one key, each to 32 bytes of `out`.
   *
   * @param key - 32 bytes: the key of a domain, or the id of a chain
   * @param spans - offset and length of each message in the loaded bytes, one after the other; offsets need no
   *   alignment, spans may overlap
   * @param out - at least 32 × count bytes
   */
  hashSpans(key: Hash, spans: Uint32Array, count: number, out: Uint8Array): void;
  /** The Merkle root (`merkleRoot`) of `count` leaf hashes that lie end to end; zeros for none. */
  merkleRoot(leaves: Uint8Array, count: number): Hash;
  /** The keyed hash of one message of any length; for long ones, such as the chunks of a snapshot. */
  hash(key: Hash, bytes: Uint8Array): Hash;
}
