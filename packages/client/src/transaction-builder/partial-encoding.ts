import type { Amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { compareBytes, equalBytes } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { Reader } from '@calin/core/codec/reader.ts';
import { Writer } from '@calin/core/codec/writer.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '@calin/core/crypto/signature.ts';
import { LOCK_KEYS_MAX, TRANSACTION_BYTES_MAX, WITNESSES_MAX } from '@calin/core/primitives/limits.ts';
import { readLock, spendPaths, writeLock } from '@calin/core/primitives/lock.ts';
import { PREIMAGE_BYTES } from '@calin/core/primitives/locks/htlc.ts';
import { encodeBody, readBody } from '@calin/core/primitives/transaction.ts';
import type { Opening } from './opening.ts';
import {
  addSignature,
  type ClaimedCoin,
  checkPreimage,
  type KeySignature,
  type PartialTransaction,
} from './partial-transaction.ts';
import { refuseWallet } from './rules.ts';

/** The first bytes: a file that is something else is told apart at once. */
const MAGIC = utf8Bytes('cpst');
const VERSION = 1;

/** Bytes of a whole container: the largest body, and twice the room that all coins and witnesses can take. */
const PARTIAL_BYTES_MAX = 2 * TRANSACTION_BYTES_MAX;

/** Distinct keys that can sign one transaction. */
const SIGNATURES_MAX = WITNESSES_MAX * LOCK_KEYS_MAX;

/** Bytes of the shortest opening: path, flag, key lock. */
const OPENING_BYTES_MIN = 2 + 36;

/**
 * The canonical bytes: magic "cpst", version u8, zero u8, signatures u16, chain id 32, the body, for each input
 * asset u64 and amount u64, for each witness path u8, secret present u8, the lock, the secret (32, if present), and
 * for each signature public key 32 and signature 64, by ascending key.
 */
export function encodePartial({
  chainId,
  body,
  coins,
  openings,
  signatures,
}: PartialTransaction): Uint8Array {
  assert(coins.length === body.inputs.length, 'as many coins as inputs');
  assert(openings.length === body.witnessCount, 'as many openings as witnesses');
  const writer = new Writer(1024);
  writer.bytes(MAGIC).u8(VERSION).u8(0).u16(signatures.length).bytes(chainId).bytes(encodeBody(body));
  for (const { asset, amount } of coins) writer.u53(asset).u53(amount);
  for (const { lock, path, preimage } of openings) {
    writer.u8(path).u8(preimage === undefined ? 0 : 1);
    writeLock(writer, lock);
    if (preimage !== undefined) writer.bytes(preimage);
  }
  for (const { publicKey, signature } of signatures) writer.bytes(publicKey).bytes(signature);
  return writer.finish();
}

/**
 * Reads exactly one container and checks all its signatures and secrets. Refuses by `wallet/format`,
 * `wallet/signature-invalid`, `wallet/unknown-key`, `wallet/wrong-preimage` or `codec/…`.
 */
export function parsePartial(bytes: Uint8Array): Result<PartialTransaction> {
  if (bytes.length > PARTIAL_BYTES_MAX) {
    return refuseWallet('wallet/format', { got: bytes.length, expected: PARTIAL_BYTES_MAX });
  }
  const reader = new Reader(bytes);
  const magic = reader.take(MAGIC.length);
  const version = reader.u8();
  if (!equalBytes(magic, MAGIC) || version !== VERSION) return refuseWallet('wallet/format', { version });
  const read = readPartial(reader);
  const layout = reader.finish(read);
  return layout.ok ? checkPartial(layout.value) : layout;
}

function readPartial(reader: Reader): PartialTransaction {
  reader.canonical(reader.u8() === 0, 'the unused byte is zero');
  const signatureCount = reader.u16();
  const chainId = reader.hash();
  const body = readBody(reader);
  const coins = readList(reader, body.inputs.length, 16, (): ClaimedCoin => {
    const asset = reader.u53();
    // u53 has refused everything above 2^53 − 1, so the brand holds.
    return { asset, amount: reader.u53() as Amount };
  });
  const openings = readList(reader, body.witnessCount, OPENING_BYTES_MIN, () => readOpening(reader));
  if (signatureCount > SIGNATURES_MAX)
    reader.fail('codec/limit', { got: signatureCount, expected: SIGNATURES_MAX });
  const signatures = readList(
    reader,
    signatureCount,
    PUBLIC_KEY_BYTES + SIGNATURE_BYTES,
    (): KeySignature => {
      const publicKey = reader.hash();
      return { publicKey, signature: reader.take(SIGNATURE_BYTES) };
    },
  );
  reader.canonical(isAscending(signatures), 'signatures by ascending key, none twice');
  return { chainId, body, coins, openings, signatures };
}

function readOpening(reader: Reader): Opening {
  const path = reader.u8();
  const flag = reader.u8();
  reader.canonical(flag <= 1, 'a presence flag is 0 or 1');
  const lock = readLock(reader);
  if (spendPaths(lock)[path] === undefined)
    reader.fail('codec/unknown-tag', { field: 'spend path', got: path });
  return flag === 1 ? { lock, path, preimage: reader.take(PREIMAGE_BYTES) } : { lock, path };
}

function checkPartial(partial: PartialTransaction): Result<PartialTransaction> {
  for (const opening of partial.openings) {
    const fits = checkPreimage(opening);
    if (!fits.ok) return fits;
  }
  const { signatures } = partial;
  let checked: PartialTransaction = { ...partial, signatures: [] };
  for (const signature of signatures) {
    const added = addSignature(checked, signature);
    if (!added.ok) return added;
    checked = added.value;
  }
  return ok(checked);
}

function readList<T>(reader: Reader, count: number, itemBytesMin: number, read: () => T): readonly T[] {
  const items: T[] = [];
  const checked = reader.count(count, count, itemBytesMin);
  for (let i = 0; i < checked && reader.failure === undefined; i++) items.push(read());
  return items;
}

function isAscending(signatures: readonly KeySignature[]): boolean {
  return signatures.every(({ publicKey }, i) => {
    const before = signatures[i - 1];
    return before === undefined || compareBytes(before.publicKey, publicKey) < 0;
  });
}
