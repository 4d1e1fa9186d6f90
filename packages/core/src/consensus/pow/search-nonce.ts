import { chunkKey, keyedChunkHash } from '../../crypto/blake3-chunk.ts';
import { domainKey, type Hash } from '../../crypto/hash.ts';
import { hashNumber, NONCE_BYTES } from './work.ts';

/** Where a search for a nonce got to. */
export interface NonceSearch {
  /** Hashes that were computed. */
  readonly attempts: number;
  /** The first one that is good; undefined when none was. */
  readonly nonce: Uint8Array | undefined;
}

/**
 * Tries nonces one after the other: the twin in plain TypeScript of the search in the kernel, and what simulators use.
 *
 * @param message - see {@link workHash}
 * @param first - the first nonce, up to 2^53 − 1; those after it count up
 */
export function searchNonce(message: Hash, target: bigint, first: number, attemptsMax: number): NonceSearch {
  const bytes = new Uint8Array(32 + NONCE_BYTES);
  bytes.set(message);
  const view = new DataView(bytes.buffer);
  const key = chunkKey(domainKey('work'));
  for (let attempts = 1; attempts <= attemptsMax; attempts++) {
    view.setBigUint64(32, BigInt(first + attempts - 1), true);
    if (hashNumber(keyedChunkHash(key, bytes)) <= target) return { attempts, nonce: bytes.slice(32) };
  }
  return { attempts: attemptsMax, nonce: undefined };
}
