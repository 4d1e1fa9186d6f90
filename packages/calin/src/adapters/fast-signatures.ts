import type { SecretKey } from '@calin/core/crypto/signature.ts';
import type { Signatures } from '@calin/sim/signatures.ts';
import sodium from 'sodium-native';
import { verifySignatureFast } from './signatures.ts';
import { createVrfProver } from './vrf-prover.ts';

/** What libsodium makes of a secret key, worked out once: simulated keys live as long as the thread. */
interface Prepared {
  readonly secretKey: Uint8Array;
  readonly prove: (input: Uint8Array) => Uint8Array;
}

const prepared = new WeakMap<SecretKey, Prepared>();

function prepare(seed: SecretKey): Prepared {
  let keys = prepared.get(seed);
  if (keys === undefined) {
    const secretKey = new Uint8Array(64);
    sodium.crypto_sign_seed_keypair(new Uint8Array(32), secretKey, seed);
    keys = { secretKey, prove: createVrfProver(seed) };
    prepared.set(seed, keys);
  }
  return keys;
}

/** The keys of simulated networks by libsodium: the bytes and verdicts of the reference. */
export const FAST_SIGNATURES: Signatures = {
  verify: verifySignatureFast,
  sign(message, seed) {
    const signature = new Uint8Array(64);
    sodium.crypto_sign_detached(signature, message, prepare(seed).secretKey);
    return signature;
  },
  prove: (seed, input) => prepare(seed).prove(input),
};
