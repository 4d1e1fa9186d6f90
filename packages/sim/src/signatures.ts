import {
  type SecretKey,
  type Signature,
  sign,
  type VerifySignature,
  verifySignature,
} from '@calin/core/crypto/signature.ts';
import { proveVrf } from '@calin/core/crypto/vrf.ts';

/**
 * What the keys of a run do. A host may do it faster than the reference: every implementation gives the same bytes and
 * the same verdicts, so that no run depends on it.
 */
export interface Signatures {
  /** By ZIP 215. */
  readonly verify: VerifySignature;
  /** By RFC 8032. */
  readonly sign: (message: Uint8Array, secretKey: SecretKey) => Signature;
  /** What a key draws for an input, by RFC 9381. */
  readonly prove: (secretKey: SecretKey, input: Uint8Array) => Uint8Array;
}

/** In TypeScript, everywhere. */
export const REFERENCE_SIGNATURES: Signatures = { verify: verifySignature, sign, prove: proveVrf };
