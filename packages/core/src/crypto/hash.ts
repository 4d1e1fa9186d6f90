import { blake3 } from '@noble/hashes/blake3.js';
import { assert } from '../base/assert.ts';
import { utf8Bytes } from '../base/text.ts';
import { CHUNK_BYTES_MAX, chunkKey, keyedChunkHash } from './blake3-chunk.ts';

/** 32 bytes of BLAKE3. */
export type Hash = Uint8Array;

/** 32 zero bytes: the empty subtree, the parent of genesis, "no address". Never written to. */
export const ZERO_HASH: Hash = new Uint8Array(32);

/**
 * The uses of the hash. Each has its own key, BLAKE3("calin/1/" + name), so that a value hashed for one use can
 * never stand for another. The transaction body is the exception: its key is the chain id (see transaction.ts).
 */
export type HashDomain =
  | 'address'
  | 'asset'
  | 'coin'
  | 'evidence'
  | 'header'
  | 'lottery'
  | 'merkle-node'
  | 'message'
  | 'proposer'
  | 'randomness'
  | 'receipt-leaf'
  | 'seal'
  | 'snapshot-chunk'
  | 'snapshot-outline'
  | 'spec'
  | 'state-leaf'
  | 'state-node'
  | 'state-root'
  | 'storage-key'
  | 'storage-value'
  | 'turn-order'
  | 'tx-leaf'
  | 'validator-seal'
  | 'validator-seed'
  | 'vote'
  | 'vote-id'
  | 'work';

/** The key of a domain, as bytes and as the words that {@link keyedChunkHash} takes. */
interface DomainKey {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

const keys = new Map<HashDomain, DomainKey>();

function keyOf(domain: HashDomain): DomainKey {
  let key = keys.get(domain);
  if (key === undefined) {
    const bytes = blake3(utf8Bytes(`calin/1/${domain}`));
    key = { bytes, words: chunkKey(bytes) };
    keys.set(domain, key);
  }
  return key;
}

/** The 32-byte BLAKE3 key of a domain. */
export function domainKey(domain: HashDomain): Uint8Array {
  return keyOf(domain).bytes;
}

/** BLAKE3 keyed by the domain. */
export function hash(domain: HashDomain, bytes: Uint8Array): Hash {
  const key = keyOf(domain);
  if (bytes.length <= CHUNK_BYTES_MAX) return keyedChunkHash(key.words, bytes);
  return blake3(bytes, { key: key.bytes });
}

/** BLAKE3 keyed by any 32 bytes. */
export function keyedHash(key: Uint8Array, bytes: Uint8Array): Hash {
  return bytes.length <= CHUNK_BYTES_MAX ? keyedChunkHash(chunkKey(key), bytes) : blake3(bytes, { key });
}

const pair = new Uint8Array(64);

/** BLAKE3 of two 32-byte values in one block, keyed by the domain. */
export function hashPair(domain: HashDomain, left: Uint8Array, right: Uint8Array): Hash {
  // A shorter side would leave bytes of an earlier call in between: another result for the same input.
  assert(left.length === 32 && right.length === 32, 'a pair is not two hashes');
  pair.set(left, 0);
  pair.set(right, 32);
  return keyedChunkHash(keyOf(domain).words, pair);
}
