import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { choice, hex, integer, object } from '@calin/core/base/schema.ts';
import { parseUtf8, utf8Bytes } from '@calin/core/base/text.ts';
import { Writer } from '@calin/core/codec/writer.ts';
import type { Argon2id } from '../keystore/argon2id.ts';
import {
  presentSealHead,
  readSealHead,
  type SealHead,
  sealHeadFields,
  writeSealHead,
} from '../keystore/keystore-file.ts';
import { createSealHead, openSealed, type SealHeadOptions, sealBytes } from '../keystore/seal.ts';
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

/**
 * Seals a whole wallet into the text of one file: all that is needed to have it again, and nothing that tells whose it
 * is. Refuses by `keystore/empty-password`.
 */
export async function sealWallet(
  wallet: WalletDocument,
  password: string,
  options: BackupOptions,
): Promise<Result<string>> {
  const head = createSealHead(options);
  const plaintext = padded(utf8Bytes(formatWallet(wallet)));
  const sealed = await sealBytes(plaintext, password, head, headerBytes(head), options.argon2id);
  plaintext.fill(0);
  if (!sealed.ok) return sealed;
  const file = { version: VERSION, kind: KIND, ...presentSealHead(head), ciphertext: toHex(sealed.value) };
  return ok(`${JSON.stringify(file, undefined, 2)}\n`);
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
  if (!head.ok) return head;
  const ciphertext = fromHex(parsed.value.ciphertext);
  const opened = await openSealed(ciphertext, password, head.value, headerBytes(head.value), argon2id);
  if (!opened.ok) return opened;
  const content = parseUtf8(opened.value);
  opened.value.fill(0);
  // Spaces after the document are the filling.
  return content === undefined
    ? refuseWallet('wallet/backup', { why: 'what is sealed is no text' })
    : parseWallet(content.replace(/ +$/, ''));
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
