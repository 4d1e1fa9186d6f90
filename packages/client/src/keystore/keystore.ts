import { assert } from '@calin/core/base/assert.ts';
import { concatBytes, equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { parseUtf8, utf8Bytes } from '@calin/core/base/text.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { accountKey } from '../keys/hd.ts';
import { type Mnemonic, mnemonicToSeed, parseMnemonic, type RandomBytes } from '../keys/mnemonic.ts';
import type { Argon2id } from './argon2id.ts';
import {
  headerBytes,
  type KeystoreFile,
  type KeystoreKdf,
  kdfFault,
  NAME_LENGTH_MAX,
  NONCE_BYTES,
} from './keystore-file.ts';
import { refuseKeystore } from './rules.ts';

/** What a key file keeps: one key, or a phrase whose account 0 (without passphrase) gives the address. */
export type KeystoreSecret =
  | { readonly kind: 'secret-key'; readonly secretKey: SecretKey }
  | { readonly kind: 'mnemonic'; readonly mnemonic: Mnemonic };

/** An opened key file: what it kept, and the key pair of its address. */
export interface OpenedKeystore {
  readonly secret: KeystoreSecret;
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
}

/** The cost of one guess of the password; see {@link DEFAULT_KDF}. */
export type KdfCost = Omit<KeystoreKdf, 'salt'>;

/** What sealing needs besides the secret and the password. */
export interface SealOptions {
  /** Prefix of the network's addresses, such as `cal`. */
  readonly prefix: string;
  readonly random: RandomBytes;
  readonly argon2id: Argon2id;
  /** What the owner calls it; at most 64 characters. */
  readonly name?: string;
  /** Unix time in milliseconds. */
  readonly createdAtMs?: number;
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
/** The first byte of what is sealed. */
const TAG_SECRET_KEY = 0;
const TAG_MNEMONIC = 1;

/**
 * Seals a key or a phrase with a password. Refuses an empty password by `keystore/empty-password`.
 *
 * @param secret - a 32-byte secret key, or a phrase that was parsed
 * @param password - any text; it is normalised (NFKC) first, so that it can be typed on another system
 * @throws AssertionError when the secret or an option breaks its limits
 */
export async function sealKeystore(
  secret: KeystoreSecret,
  password: string,
  options: SealOptions,
): Promise<Result<KeystoreFile>> {
  const passwordBytes = bytesOfPassword(password);
  if (passwordBytes.length === 0) return refuseKeystore('keystore/empty-password');
  const { publicKey } = keyPairOf(secret);
  const header = makeHeader(publicKey, options);
  const key = await deriveKey(passwordBytes, header.kdf, options.argon2id);
  const plaintext = encodeSecret(secret);
  const ciphertext = xchacha20poly1305(key, header.nonce, headerBytes(header)).encrypt(plaintext);
  key.fill(0);
  plaintext.fill(0);
  return ok({ ...header, ciphertext });
}

/**
 * Opens a parsed key file. Refuses by `keystore/wrong-password`, which a changed file cannot be told from; by
 * `keystore/parameters` when the file was not parsed and breaks a limit; by `keystore/malformed` when the password
 * is right and the content makes no sense or belongs to another public key.
 */
export async function openKeystore(
  file: KeystoreFile,
  password: string,
  { argon2id }: { readonly argon2id: Argon2id },
): Promise<Result<OpenedKeystore>> {
  const fault = kdfFault(file.kdf);
  if (fault !== undefined) return refuseKeystore('keystore/parameters', fault);
  const passwordBytes = bytesOfPassword(password);
  // No file was sealed with an empty password, so there is nothing to try.
  if (passwordBytes.length === 0) return refuseKeystore('keystore/wrong-password');
  const key = await deriveKey(passwordBytes, file.kdf, argon2id);
  const plaintext = decrypt(key, file);
  key.fill(0);
  if (plaintext === undefined) return refuseKeystore('keystore/wrong-password');
  const secret = parseSecret(plaintext);
  plaintext.fill(0);
  if (secret === undefined) return refuseKeystore('keystore/malformed', { why: 'the content is unknown' });
  const pair = keyPairOf(secret);
  if (!equalBytes(pair.publicKey, file.publicKey)) {
    return refuseKeystore('keystore/malformed', { why: 'the content belongs to another public key' });
  }
  return ok({ secret, ...pair });
}

function makeHeader(publicKey: PublicKey, options: SealOptions): Omit<KeystoreFile, 'ciphertext'> {
  const { name, createdAtMs, prefix, random, kdf: cost = DEFAULT_KDF } = options;
  assert(
    name === undefined || (name.length <= NAME_LENGTH_MAX && name.isWellFormed()),
    'the name is too long',
  );
  const salt = random(SALT_BYTES);
  const nonce = random(NONCE_BYTES);
  const { memoryKiB, passes, parallelism } = cost;
  const kdf = { memoryKiB, passes, parallelism, salt };
  assert(
    salt.length === SALT_BYTES && nonce.length === NONCE_BYTES,
    'the source of random bytes gave too few',
  );
  assert(kdfFault(kdf) === undefined, `settings outside the limits: ${JSON.stringify(cost)}`);
  return {
    ...(name === undefined ? {} : { name }),
    address: formatAddress(keyAddress(publicKey), prefix),
    publicKey,
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
    kdf,
    nonce,
  };
}

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

function decrypt(key: Uint8Array, file: KeystoreFile): Uint8Array | undefined {
  const cipher = xchacha20poly1305(key, file.nonce, headerBytes(file));
  try {
    return cipher.decrypt(file.ciphertext);
  } catch {
    // Lengths were checked when the file was parsed, so this can only be the tag.
    return undefined;
  }
}

function keyPairOf(secret: KeystoreSecret): { secretKey: SecretKey; publicKey: PublicKey } {
  if (secret.kind === 'mnemonic') {
    const { secretKey, publicKey } = accountKey(mnemonicToSeed(secret.mnemonic), 0);
    return { secretKey, publicKey };
  }
  const { secretKey } = secret;
  assert(secretKey.length === KEY_BYTES, `a secret key of ${secretKey.length} bytes`);
  return { secretKey, publicKey: publicKeyOf(secretKey) };
}

function encodeSecret(secret: KeystoreSecret): Uint8Array {
  return secret.kind === 'mnemonic'
    ? concatBytes(Uint8Array.of(TAG_MNEMONIC), utf8Bytes(secret.mnemonic))
    : concatBytes(Uint8Array.of(TAG_SECRET_KEY), secret.secretKey);
}

function parseSecret(plaintext: Uint8Array): KeystoreSecret | undefined {
  const content = plaintext.slice(1);
  if (plaintext[0] === TAG_SECRET_KEY && content.length === KEY_BYTES) {
    return { kind: 'secret-key', secretKey: content };
  }
  const text = plaintext[0] === TAG_MNEMONIC ? parseUtf8(content) : undefined;
  const parsed = text === undefined ? undefined : parseMnemonic(text);
  return parsed?.ok && parsed.value === text ? { kind: 'mnemonic', mnemonic: parsed.value } : undefined;
}
