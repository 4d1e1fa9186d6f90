import { createPublicKey, verify } from 'node:crypto';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { VerifySignature } from '@calin/core/crypto/signature.ts';
import { REFERENCE_SIGNATURES, type Signatures } from './signatures.ts';

/** What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410). */
const DER_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

const keys = new Map<string, ReturnType<typeof createPublicKey>>();

/**
 * OpenSSL's check, thirty times as fast as the reference. It follows RFC 8032 and not ZIP 215, which is the same for
 * every signature that honest software makes, and no test of a network makes others.
 */
const verifyFast: VerifySignature = ({ publicKey, message, signature }) => {
  const name = bytesKey(publicKey);
  let key = keys.get(name);
  if (key === undefined) {
    key = createPublicKey({ key: Buffer.concat([DER_HEAD, publicKey]), format: 'der', type: 'spki' });
    keys.set(name, key);
  }
  return verify(null, message, key, signature);
};

/** The reference with {@link verifyFast}. */
export const TEST_SIGNATURES: Signatures = { ...REFERENCE_SIGNATURES, verify: verifyFast };
