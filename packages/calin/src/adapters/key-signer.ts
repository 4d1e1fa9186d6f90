import type { PublicKey, SecretKey } from '@calin/core/crypto/signature.ts';
import { proveVrf } from '@calin/core/crypto/vrf.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import sodium from 'sodium-native';

/**
 * Signs with a key that this process holds, by libsodium: the bytes are those of RFC 8032, as from everybody else. It
 * answers in the next turn of the event loop, so that drafting a block and adopting it are two turns. Draws are proved
 * by the reference: one a slot, a few milliseconds each.
 */
export function createKeySigner({
  publicKey,
  secretKey: seed,
}: {
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
}): Signer {
  const secretKey = new Uint8Array(64);
  sodium.crypto_sign_seed_keypair(new Uint8Array(32), secretKey, seed);
  const sign: Signer['sign'] = (message, done) => {
    const signature = new Uint8Array(64);
    sodium.crypto_sign_detached(signature, message, secretKey);
    setImmediate(done, signature);
  };
  const prove: Signer['prove'] = (input, done) => {
    setImmediate(done, proveVrf(seed, input));
  };
  return { publicKey, sign, prove };
}
