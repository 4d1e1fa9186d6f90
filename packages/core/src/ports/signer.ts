import type { PublicKey, Signature } from '../crypto/signature.ts';

/** Holds the producer's key, so that the node never does; a remote signer is another adapter. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** Calls back with the signature, or with undefined when this signer cannot or will not make it. */
  sign(message: Uint8Array, done: (signature: Signature | undefined) => void): void;
  /** Calls back with the proof of the key's output for an input (crypto/vrf.ts), or with undefined as above. */
  prove(input: Uint8Array, done: (proof: Uint8Array | undefined) => void): void;
}
