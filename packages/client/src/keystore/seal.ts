import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { RandomBytes } from '../keys/mnemonic.ts';
import type { Argon2id } from './argon2id.ts';
import { type KeystoreKdf, kdfFault, NONCE_BYTES, type SealHead } from './keystore-file.ts';
import { refuseKeystore } from './rules.ts';

/** The cost of one guess of the password; see {@link DEFAULT_KDF}. */
export type KdfCost = Omit<KeystoreKdf, 'salt'>;

/** What a new head is made of. */
export interface SealHeadOptions {
  readonly random: RandomBytes;
  /** {@link DEFAULT_KDF} when left out. */
  readonly kdf?: KdfCost;
}

/**
 * 64 MiB, three passes, one lane: a quarter of a second on a common machine. RFC 9106 recommends the same memory
 * and passes where 2 GiB cannot be had, with four lanes; a browser fills them one after the other, so one is used.
 */
export const DEFAULT_KDF: KdfCost = { memoryKiB: 65_536, passes: 3, parallelism: 1 };

const KEY_BYTES = 32;
/** 128 bits, as RFC 9106 recommends. */
const SALT_BYTES = 16;

/**
 * Salt and nonce of something that is going to be sealed.
 *
 * @throws AssertionError when the cost breaks the limits of a file
 */
export function createSealHead({ random, kdf: cost = DEFAULT_KDF }: SealHeadOptions): SealHead {
  const salt = random(SALT_BYTES);
  const nonce = random(NONCE_BYTES);
  const { memoryKiB, passes, parallelism } = cost;
  const kdf = { memoryKiB, passes, parallelism, salt };
  assert(
    salt.length === SALT_BYTES && nonce.length === NONCE_BYTES,
    'the source of random bytes gave too few',
  );
  assert(kdfFault(kdf) === undefined, `settings outside the limits: ${JSON.stringify(cost)}`);
  return { kdf, nonce };
}

/**
 * Seals bytes with a password: XChaCha20-Poly1305 under a key by Argon2id. Refuses an empty password by
 * `keystore/empty-password`.
 *
 * @param password - any text; it is normalised (NFKC) first, so that it can be typed on another system
 * @param header - what the bytes are sealed together with: it cannot be changed afterwards
 */
export async function sealBytes(
  plaintext: Uint8Array,
  password: string,
  { kdf, nonce }: SealHead,
  header: Uint8Array,
  argon2id: Argon2id,
): Promise<Result<Uint8Array>> {
  const key = await keyOfPassword(password, kdf, argon2id);
  if (!key.ok) return key;
  const ciphertext = sealByKey(plaintext, key.value, nonce, header);
  key.value.fill(0);
  return ok(ciphertext);
}

/**
 * Opens what {@link sealBytes} has sealed. Refuses by `keystore/wrong-password`, which a change of the bytes or the
 * header cannot be told from, and by `keystore/parameters` when the head breaks a limit.
 */
export async function openSealed(
  ciphertext: Uint8Array,
  password: string,
  { kdf, nonce }: SealHead,
  header: Uint8Array,
  argon2id: Argon2id,
): Promise<Result<Uint8Array>> {
  const key = await keyOfPassword(password, kdf, argon2id);
  // Nothing was sealed with an empty password, so there is nothing to try.
  if (!key.ok) return key.error.rule === 'keystore/empty-password' ? WRONG_PASSWORD : key;
  const opened = openByKey(ciphertext, key.value, nonce, header);
  key.value.fill(0);
  return opened;
}

/**
 * The key of a password: slow, as often as a password is tried. Who seals again and again keeps the key instead of the
 * password, and fills it with zeros at the end. Refuses by `keystore/empty-password`, or by `keystore/parameters`
 * when the settings break a limit.
 */
export async function keyOfPassword(
  password: string,
  kdf: KeystoreKdf,
  argon2id: Argon2id,
): Promise<Result<Uint8Array>> {
  const fault = kdfFault(kdf);
  if (fault !== undefined) return refuseKeystore('keystore/parameters', fault);
  const passwordBytes = bytesOfPassword(password);
  if (passwordBytes.length === 0) return refuseKeystore('keystore/empty-password');
  return ok(await deriveKey(passwordBytes, kdf, argon2id));
}

/** Seals bytes with the key of a password; no nonce may be used twice with one key. */
export function sealByKey(
  plaintext: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
): Uint8Array {
  return xchacha20poly1305(key, nonce, header).encrypt(plaintext);
}

/** Opens what {@link sealByKey} has sealed. Refuses by `keystore/wrong-password`. */
export function openByKey(
  ciphertext: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
  header: Uint8Array,
): Result<Uint8Array> {
  try {
    return ok(xchacha20poly1305(key, nonce, header).decrypt(ciphertext));
  } catch {
    // Lengths were checked when the file was parsed, so this can only be the tag.
    return WRONG_PASSWORD;
  }
}

const WRONG_PASSWORD = refuseKeystore('keystore/wrong-password');

/** UTF-8 of the normalised password: the same letters give the same bytes, however a keyboard composes them. */
function bytesOfPassword(password: string): Uint8Array {
  return utf8Bytes(password.normalize('NFKC'));
}

/** The key of the cipher; forgets the password's bytes. */
async function deriveKey(password: Uint8Array, kdf: KeystoreKdf, argon2id: Argon2id): Promise<Uint8Array> {
  const { memoryKiB, passes, parallelism, salt } = kdf;
  const key = await argon2id(password, salt, { memoryKiB, passes, parallelism, length: KEY_BYTES });
  password.fill(0);
  return key;
}
