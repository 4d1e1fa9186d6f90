import { equalBytes, fromHex, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { choice, hex, integer, object } from '@calin/core/base/schema.ts';
import { parseUtf8, utf8Bytes } from '@calin/core/base/text.ts';
import { Writer } from '@calin/core/codec/writer.ts';
import type { RandomBytes } from '../keys/mnemonic.ts';
import type { Argon2id } from '../keystore/argon2id.ts';
import {
  type KeystoreKdf,
  NONCE_BYTES,
  presentSealHead,
  readSealHead,
  type SealHead,
  sealHeadFields,
  writeSealHead,
} from '../keystore/keystore-file.ts';
import { refuseKeystore } from '../keystore/rules.ts';
import {
  createSealHead,
  keyOfPassword,
  openByKey,
  type SealHeadOptions,
  sealByKey,
} from '../keystore/seal.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';
import { formatWallet, parseWallet, type WalletDocument } from './wallet-document.ts';

const KIND = 'calin-wallet-backup';
const VERSION = 1;
/** What is sealed is filled up to a multiple of this, so that its length tells little. */
const BLOCK_BYTES = 4096;
/** Bytes of what is sealed: a whole document. */
const CIPHERTEXT_BYTES_MAX = 16 * 2 ** 20;
/** Characters of a file. */
const TEXT_LENGTH_MAX = 2 * CIPHERTEXT_BYTES_MAX + 4096;

const fileSchema = object('A sealed wallet.', {
  version: integer('Version of the format.', VERSION, VERSION),
  kind: choice('What the file is.', [KIND]),
  ...sealHeadFields,
  ciphertext: hex('The sealed wallet.', { bytesMax: CIPHERTEXT_BYTES_MAX }),
});

/** How a wallet is sealed. */
export interface BackupOptions extends SealHeadOptions {
  readonly argon2id: Argon2id;
}

/** The key of a password, for one salt: what a program keeps that seals a wallet after every change. */
export interface WalletKey {
  readonly kdf: KeystoreKdf;
  /** Secret; filled with zeros by whoever ends with it. */
  readonly key: Uint8Array;
}

/**
 * Seals a whole wallet into the text of one file: all that is needed to have it again, and nothing that tells whose it
 * is. Refuses by `keystore/empty-password`.
 */
export async function sealWallet(
  wallet: WalletDocument,
  password: string,
  options: BackupOptions,
): Promise<Result<string>> {
  const made = await createWalletKey(password, options);
  if (!made.ok) return made;
  const text = sealWalletByKey(wallet, made.value, options.random);
  made.value.key.fill(0);
  return ok(text);
}

/**
 * Opens the text of a file. Refuses by `wallet/backup`, `keystore/wrong-password` (which a changed file cannot be told
 * from), `keystore/parameters` or `wallet/document`.
 */
export async function openWallet(
  text: string,
  password: string,
  argon2id: Argon2id,
): Promise<Result<WalletDocument>> {
  const made = await walletKeyOf(text, password, argon2id);
  if (!made.ok) return made;
  const wallet = openWalletByKey(text, made.value);
  made.value.key.fill(0);
  return wallet;
}

/** A key for a new password, with a salt of its own. Refuses by `keystore/empty-password`. */
export async function createWalletKey(password: string, options: BackupOptions): Promise<Result<WalletKey>> {
  const { kdf } = createSealHead(options);
  const key = await keyOfPassword(password, kdf, options.argon2id);
  return key.ok ? ok({ kdf, key: key.value }) : key;
}

/**
 * The key of a password for the text of a file; whether it is the right one shows when it opens. Refuses by
 * `wallet/backup`, `keystore/wrong-password` or `keystore/parameters`.
 */
export async function walletKeyOf(
  text: string,
  password: string,
  argon2id: Argon2id,
): Promise<Result<WalletKey>> {
  const file = parseFile(text);
  if (!file.ok) return file;
  const { kdf } = file.value.head;
  if (password === '') return refuseKeystore('keystore/wrong-password');
  const key = await keyOfPassword(password, kdf, argon2id);
  return key.ok ? ok({ kdf, key: key.value }) : key;
}

/** Seals a wallet with the key of a password, under a nonce of its own. */
export function sealWalletByKey(
  wallet: WalletDocument,
  { kdf, key }: WalletKey,
  random: RandomBytes,
): string {
  const head = { kdf, nonce: random(NONCE_BYTES) };
  const plaintext = padded(utf8Bytes(formatWallet(wallet)));
  const ciphertext = toHex(sealByKey(plaintext, key, head.nonce, headerBytes(head)));
  plaintext.fill(0);
  const file = { version: VERSION, kind: KIND, ...presentSealHead(head), ciphertext };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * Opens the text of a file with a key. Refuses by `wallet/backup`, `keystore/wrong-password`, as when it was sealed
 * with another password meanwhile, `keystore/parameters` or `wallet/document`.
 */
export function openWalletByKey(text: string, { kdf, key }: WalletKey): Result<WalletDocument> {
  const file = parseFile(text);
  if (!file.ok) return file;
  const { head, ciphertext } = file.value;
  if (!equalBytes(head.kdf.salt, kdf.salt)) return refuseKeystore('keystore/wrong-password');
  const opened = openByKey(ciphertext, key, head.nonce, headerBytes(head));
  if (!opened.ok) return opened;
  const content = parseUtf8(opened.value);
  opened.value.fill(0);
  // Spaces after the document are the filling.
  return content === undefined
    ? refuseWallet('wallet/backup', { why: 'what is sealed is no text' })
    : parseWallet(content.replace(/ +$/, ''));
}

function parseFile(text: string): Result<{ readonly head: SealHead; readonly ciphertext: Uint8Array }> {
  if (text.length > TEXT_LENGTH_MAX) return refuseWallet('wallet/backup', { why: 'it is too long' });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuseWallet('wallet/backup', { why: 'it is not JSON' });
  }
  const parsed = fileSchema.parse(json, 'file');
  if (!parsed.ok)
    return refuseWallet('wallet/backup', { ...parsed.error.evidence, why: parsed.error.message });
  const head = readSealHead(parsed.value);
  return head.ok ? ok({ head: head.value, ciphertext: fromHex(parsed.value.ciphertext) }) : head;
}

function headerBytes(head: SealHead): Uint8Array {
  const writer = new Writer(256);
  const kind = utf8Bytes(KIND);
  writer.u32(kind.length).bytes(kind).u32(VERSION);
  return writeSealHead(writer, head).finish();
}

function padded(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20);
  bytes.set(text);
  text.fill(0);
  return bytes;
}
