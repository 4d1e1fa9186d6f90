import { assert } from '@calin/core/base/assert.ts';
import { concatBytes, equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { parseUtf8, utf8Bytes } from '@calin/core/base/text.ts';
import { type PublicKey, publicKeyOf, type SecretKey } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { accountKey } from '../keys/hd.ts';
import { type Mnemonic, mnemonicToSeed, parseMnemonic } from '../keys/mnemonic.ts';
import type { Argon2id } from './argon2id.ts';
import { headerBytes, type KeystoreFile, NAME_LENGTH_MAX } from './keystore-file.ts';
import { refuseKeystore } from './rules.ts';
import { createSealHead, openSealed, type SealHeadOptions, sealBytes } from './seal.ts';

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

/** What sealing needs besides the secret and the password. */
export interface SealOptions extends SealHeadOptions {
  /** Prefix of the network's addresses, such as `cal`. */
  readonly prefix: string;
  readonly argon2id: Argon2id;
  /** What the owner calls it; at most 64 characters. */
  readonly name?: string;
  /** Unix time in milliseconds. */
  readonly createdAtMs?: number;
}

/** Bytes of a secret key. */
const KEY_BYTES = 32;
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
  const { publicKey } = keyPairOf(secret);
  const header = makeHeader(publicKey, options);
  const plaintext = encodeSecret(secret);
  const sealed = await sealBytes(plaintext, password, header, headerBytes(header), options.argon2id);
  plaintext.fill(0);
  return sealed.ok ? ok({ ...header, ciphertext: sealed.value }) : sealed;
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
  const opened = await openSealed(file.ciphertext, password, file, headerBytes(file), argon2id);
  if (!opened.ok) return opened;
  const plaintext = opened.value;
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
  const { name, createdAtMs, prefix } = options;
  assert(
    name === undefined || (name.length <= NAME_LENGTH_MAX && name.isWellFormed()),
    'the name is too long',
  );
  return {
    ...(name === undefined ? {} : { name }),
    address: formatAddress(keyAddress(publicKey), prefix),
    publicKey,
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
    ...createSealHead(options),
  };
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
