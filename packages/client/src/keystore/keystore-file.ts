import { assert } from '@calin/core/base/assert.ts';
import { equalBytes, fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Failure, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { choice, hex, type Infer, integer, object, optional, string } from '@calin/core/base/schema.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { parseBech32m } from '@calin/core/codec/bech32m.ts';
import { Writer } from '@calin/core/codec/writer.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { refuseKeystore } from './rules.ts';

/** The version this program writes and reads. */
const KEYSTORE_VERSION = 1;
/** Says what the file is, to people and to other programs. */
const KEYSTORE_KIND = 'calin-keystore';

/** How the password becomes a key: see {@link KDF_LIMITS}. */
export interface KeystoreKdf {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Uint8Array;
}

/** What opening something sealed takes beside the password. */
export interface SealHead {
  readonly kdf: KeystoreKdf;
  /** 24 bytes. */
  readonly nonce: Uint8Array;
}

/** A key file in memory: a header that anyone may read, and the sealed secret. */
export interface KeystoreFile extends SealHead {
  /** What the owner calls it; at most 64 characters. */
  readonly name?: string;
  /** Bech32m address of the lock of {@link publicKey}, in lower case. */
  readonly address: string;
  readonly publicKey: PublicKey;
  /** Unix time in milliseconds. */
  readonly createdAtMs?: number;
  readonly ciphertext: Uint8Array;
}

/**
 * What a file may ask for, so that a hostile one cannot take the machine's memory or its day: at most 1 GiB, 16
 * times the default, and `workMax` (memory in KiB times passes), some five to ten seconds of one core. The lower
 * ends are those of RFC 9106, since refusing a weak old file would only keep its owner out.
 */
const KDF_LIMITS = {
  memoryKiBMin: 8,
  memoryKiBMax: 1_048_576,
  passesMax: 64,
  parallelismMax: 16,
  workMax: 4_194_304,
  saltBytesMin: 16,
  saltBytesMax: 64,
} as const;

/** Bytes of the nonce of XChaCha20-Poly1305. */
export const NONCE_BYTES = 24;
/** Bytes of its tag, the shortest ciphertext there is. */
const TAG_BYTES = 16;
/** A phrase of 24 words with its tag is below 240 bytes. */
const CIPHERTEXT_BYTES_MAX = 512;
/** Characters of the name. */
export const NAME_LENGTH_MAX = 64;
/** Characters of a whole file: several times what {@link formatKeystoreFile} can write. */
const TEXT_LENGTH_MAX = 8192;

const anyInteger = (description: string) => integer(description, Number.MIN_SAFE_INTEGER);

/** The fields of a {@link SealHead} in a file. */
export const sealHeadFields = {
  kdf: object('How the password becomes a key.', {
    name: choice('The function.', ['argon2id']),
    memoryKiB: anyInteger('Memory in KiB.'),
    passes: anyInteger('Times the memory is gone over.'),
    parallelism: anyInteger('Lanes.'),
    salt: hex('Salt.', { bytesMax: KDF_LIMITS.saltBytesMax }),
  }),
  cipher: object('How the secret is sealed.', {
    name: choice('The cipher.', ['xchacha20poly1305']),
    nonce: hex('Nonce.', { bytes: NONCE_BYTES }),
  }),
};

const fileSchema = object('An encrypted key.', {
  version: integer('Version of the format.', KEYSTORE_VERSION, KEYSTORE_VERSION),
  kind: choice('What the file is.', [KEYSTORE_KIND]),
  name: optional(string('What the owner calls it.', { lengthMax: NAME_LENGTH_MAX })),
  address: string('Address of the key, bech32m.', { lengthMax: 90 }),
  publicKey: hex('Ed25519 public key.', { bytes: 32 }),
  createdAtMs: optional(integer('When it was made, Unix time in milliseconds.')),
  ...sealHeadFields,
  ciphertext: hex('The sealed secret.', { bytesMax: CIPHERTEXT_BYTES_MAX }),
});

/** The JSON text of a key file, with a line end; always the same for the same file. */
export function formatKeystoreFile(file: KeystoreFile): string {
  const { name, createdAtMs } = file;
  const value: Infer<typeof fileSchema> = {
    version: KEYSTORE_VERSION,
    kind: KEYSTORE_KIND,
    ...(name === undefined ? {} : { name }),
    address: file.address,
    publicKey: toHex(file.publicKey),
    ...presentSealHead(file),
    ciphertext: toHex(file.ciphertext),
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/**
 * Reads the text of a key file without opening it. Refuses by `keystore/unknown-version`, `keystore/parameters`
 * (settings outside {@link KDF_LIMITS}) or `keystore/malformed`, which also covers an address that is not the
 * one of the public key.
 */
export function parseKeystoreFile(text: string): Result<KeystoreFile> {
  if (text.length > TEXT_LENGTH_MAX) {
    return malformed('too long', { got: text.length, max: TEXT_LENGTH_MAX });
  }
  const json = parseJson(text);
  if (!json.ok) return json;
  const version = versionOf(json.value);
  if (version !== undefined && version !== KEYSTORE_VERSION) {
    return refuseKeystore('keystore/unknown-version', { got: version, expected: KEYSTORE_VERSION });
  }
  const parsed = fileSchema.parse(json.value, 'file');
  if (!parsed.ok) return malformed(parsed.error.message, parsed.error.evidence);
  return fileOf(parsed.value);
}

/** What is wrong with the settings of the key derivation: the field, what it holds and what it may hold. */
export function kdfFault(
  kdf: KeystoreKdf,
): { field: string; got: number; min: number; max: number } | undefined {
  const limits = KDF_LIMITS;
  const ranges = [
    ['parallelism', kdf.parallelism, 1, limits.parallelismMax],
    ['memoryKiB', kdf.memoryKiB, limits.memoryKiBMin * Math.max(1, kdf.parallelism), limits.memoryKiBMax],
    ['passes', kdf.passes, 1, limits.passesMax],
    ['memoryKiB × passes', kdf.memoryKiB * kdf.passes, 1, limits.workMax],
    ['salt', kdf.salt.length, limits.saltBytesMin, limits.saltBytesMax],
  ] as const;
  for (const [field, got, min, max] of ranges) {
    if (!Number.isSafeInteger(got) || got < min || got > max) return { field, got, min, max };
  }
  return undefined;
}

/**
 * The header as bytes, in one way only. They are authenticated with the secret, so that no field of the file can
 * be changed: neither the address that a person pays to nor the settings of the key derivation.
 */
export function headerBytes(file: Omit<KeystoreFile, 'ciphertext'>): Uint8Array {
  const writer = new Writer(512);
  const field = (bytes: Uint8Array) => writer.u32(bytes.length).bytes(bytes);
  field(utf8Bytes(KEYSTORE_KIND)).u32(KEYSTORE_VERSION);
  writer.u8(file.name === undefined ? 0 : 1);
  field(utf8Bytes(file.name ?? ''));
  field(utf8Bytes(file.address));
  field(file.publicKey);
  writer.u8(file.createdAtMs === undefined ? 0 : 1).u53(file.createdAtMs ?? 0);
  return writeSealHead(writer, file).finish();
}

/** The head as it stands in a file. */
export function presentSealHead({ kdf, nonce }: SealHead) {
  const { memoryKiB, passes, parallelism, salt } = kdf;
  assert(kdfFault(kdf) === undefined, 'settings that no program would read');
  return {
    kdf: { name: 'argon2id' as const, memoryKiB, passes, parallelism, salt: toHex(salt) },
    cipher: { name: 'xchacha20poly1305' as const, nonce: toHex(nonce) },
  };
}

/** The head that stands in a file. Refuses by `keystore/parameters`. */
export function readSealHead(value: ReturnType<typeof presentSealHead>): Result<SealHead> {
  const { memoryKiB, passes, parallelism, salt } = value.kdf;
  const kdf = { memoryKiB, passes, parallelism, salt: fromHex(salt) };
  const fault = kdfFault(kdf);
  return fault === undefined
    ? ok({ kdf, nonce: fromHex(value.cipher.nonce) })
    : refuseKeystore('keystore/parameters', fault);
}

/** Writes the head as it is authenticated. */
export function writeSealHead(writer: Writer, { kdf, nonce }: SealHead): Writer {
  const field = (bytes: Uint8Array) => writer.u32(bytes.length).bytes(bytes);
  writer.u32(kdf.memoryKiB).u32(kdf.passes).u32(kdf.parallelism);
  field(kdf.salt);
  return field(nonce);
}

function fileOf(value: Infer<typeof fileSchema>): Result<KeystoreFile> {
  const head = readSealHead(value);
  if (!head.ok) return head;
  const ciphertext = fromHex(value.ciphertext);
  if (ciphertext.length < TAG_BYTES) return malformed('the ciphertext is too short', {});
  const publicKey = fromHex(value.publicKey);
  const address = parseBech32m(value.address);
  if (!address.ok) return malformed('the address is malformed', address.error.evidence);
  if (!equalBytes(address.value.bytes, keyAddress(publicKey))) {
    return malformed('the address is not the one of the public key', {});
  }
  if (value.name?.isWellFormed() === false) return malformed('the name is not well formed', {});
  return ok({
    ...(value.name === undefined ? {} : { name: value.name }),
    address: value.address.toLowerCase(),
    publicKey,
    ...(value.createdAtMs === undefined ? {} : { createdAtMs: value.createdAtMs }),
    ...head.value,
    ciphertext,
  });
}

function parseJson(text: string): Result<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch {
    return malformed('not JSON', {});
  }
}

/** The version, when the value says that it is a key file and gives one. */
function versionOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, version } = value as { kind?: unknown; version?: unknown };
  return kind === KEYSTORE_KIND && typeof version === 'number' ? version : undefined;
}

function malformed(why: string, evidence: Failure['error']['evidence']): Failure {
  return refuseKeystore('keystore/malformed', { ...evidence, why });
}
