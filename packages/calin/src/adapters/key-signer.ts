import { type PublicKey, type SecretKey, sign } from '@calin/core/crypto/signature.ts';
import type { Signer } from '@calin/core/ports/signer.ts';

/** Signs with a key that this process holds. */
export function createKeySigner(key: {
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
}): Signer {
  return {
    publicKey: key.publicKey,
    sign: (message, done) => done(sign(message, key.secretKey)),
  };
}
