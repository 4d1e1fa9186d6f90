import { hash } from '@calin/core/crypto/hash.ts';
import { type Address, keyAddress } from '@calin/core/primitives/address.ts';
import sodium from 'sodium-native';

/** A key of a test chain. Everybody can derive it, so it must never hold anything of value. */
export interface BenchKey {
  /** 32 bytes, the secret key of RFC 8032. */
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  /** The 64 bytes that libsodium signs with: the seed, then the public key. */
  readonly secretKey: Uint8Array;
  readonly address: Address;
}

/** Different owners; enough that no cache of keys would help a node. */
export const OWNERS = 1000;

/** Key number `n`, below 65,536; the same one in every run. */
export function createKey(n: number): BenchKey {
  const seed = hash('seal', Uint8Array.of(n & 0xff, n >> 8));
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  return { seed, publicKey, secretKey, address: keyAddress(publicKey) };
}

/** The key that makes the blocks of test chains. */
export function authorityKey(): BenchKey {
  return createKey(OWNERS);
}

/** Signs a message by RFC 8032, with libsodium: a test chain needs as many signatures as it has transfers. */
export function signFast(message: Uint8Array, { secretKey }: BenchKey): Uint8Array {
  const signature = new Uint8Array(64);
  sodium.crypto_sign_detached(signature, message, secretKey);
  return signature;
}
