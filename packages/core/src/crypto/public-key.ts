import { ed25519 } from '@noble/curves/ed25519.js';
import type { PublicKey } from './signature.ts';

/**
 * True for the canonical encoding of a curve point that is not of small order. By ZIP-215 a signature of zeros opens
 * a key of small order for every message, and nobody can sign for bytes that are no point: neither may stand for
 * somebody in a list that everybody trusts.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8032#section-5.1.3 (decoding)
 */
export function isStrongPublicKey(publicKey: PublicKey): boolean {
  if (!ed25519.utils.isValidPublicKey(publicKey, false)) return false;
  return !ed25519.Point.fromBytes(publicKey).isSmallOrder();
}
