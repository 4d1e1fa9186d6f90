import type { PublicKey, SecretKey } from '@calin/core/crypto/signature.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import sodium from 'sodium-native';
import { createVrfProver } from './vrf-prover.ts';

/**
 * Signs and draws with a key that this process holds, by libsodium: the bytes are those of RFC 8032 and RFC 9381, as
 * from everybody else. It answers in the next turn of the event loop, so that drafting a block and adopting it are two
 * turns.
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
  const draw = createVrfProver(seed);
  const prove: Signer['prove'] = (input, done) => {
    setImmediate(done, draw(input));
  };
  return { publicKey, sign, prove };
}
