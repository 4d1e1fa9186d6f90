import { ed25519 } from '@noble/curves/ed25519.js';

/** 32-byte Ed25519 public key. */
export type PublicKey = Uint8Array;
/** 32-byte Ed25519 secret seed (RFC 8032 private key). */
export type SecretKey = Uint8Array;
/** 64-byte Ed25519 signature. */
export type Signature = Uint8Array;

/** Bytes of a public key. */
export const PUBLIC_KEY_BYTES = 32;
/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

/** One signature to check: three byte arrays of 32, any and 64 bytes. */
export interface SignatureCheck {
  readonly publicKey: PublicKey;
  readonly message: Uint8Array;
  readonly signature: Signature;
}

/**
 * Says whether a signature is valid by ZIP-215. Every implementation must give the same answer for every input:
 * it decides which blocks are valid.
 */
export type VerifySignature = (check: SignatureCheck) => boolean;

/** The public key of a secret seed. */
export function publicKeyOf(secretKey: SecretKey): PublicKey {
  return ed25519.getPublicKey(secretKey);
}

/** Signs by RFC 8032 (deterministic). */
export function sign(message: Uint8Array, secretKey: SecretKey): Signature {
  return ed25519.sign(message, secretKey);
}

/**
 * The reference check, ZIP-215: the cofactored equation, S canonical, A and R may be any encoding of a point.
 * One exact rule that batch verification can follow too. @see https://zips.z.cash/zip-0215
 */
export const verifySignature: VerifySignature = ({ publicKey, message, signature }) => {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  return ed25519.verify(signature, message, publicKey, { zip215: true });
};
