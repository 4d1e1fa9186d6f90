import { PREIMAGE_BYTES } from '@calin/core/primitives/locks/htlc.ts';
import { sha256 } from '@noble/hashes/sha2.js';

/** The secret of a hash lock, and what the lock names of it. */
export interface HashSecret {
  /** 32 bytes that nobody must know before the claim. */
  readonly secret: Uint8Array;
  /** Its SHA-256, for everybody. */
  readonly sha256: Uint8Array;
}

/**
 * Makes the secret of a hash lock.
 *
 * @param random - gives as many bytes as it is asked for, which nobody can foresee
 */
export function createHashSecret(random: (length: number) => Uint8Array): HashSecret {
  const secret = random(PREIMAGE_BYTES);
  return { secret, sha256: sha256(secret) };
}
