import type { Amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { domainKey, type Hash, hash } from '../crypto/hash.ts';
import { merkleRoot } from '../crypto/merkle.ts';

/** What a transaction did in its block. 56 bytes: txid 32, gasUsed u64, fee u64, burned u64. */
export interface Receipt {
  readonly txid: Hash;
  readonly gasUsed: number;
  /** Surplus of the native coin: what the transaction paid, in hugs. */
  readonly fee: Amount;
  /** The part of the fee that was burned (base fee × gas). */
  readonly burned: Amount;
}

/** Bytes of a receipt. */
export const RECEIPT_BYTES = 56;

/** The 56 bytes of a receipt. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const writer = new Writer(RECEIPT_BYTES);
  return writer.hash(receipt.txid).u53(receipt.gasUsed).u53(receipt.fee).u53(receipt.burned).finish();
}

/** Reads 56 bytes. */
function readReceipt(reader: Reader): Receipt {
  const txid = reader.hash();
  const gasUsed = reader.u53();
  const fee = reader.u53() as Amount;
  return { txid, gasUsed, fee, burned: reader.u53() as Amount };
}

/** Reads exactly one receipt. */
export function parseReceipt(bytes: Uint8Array): Result<Receipt> {
  const reader = new Reader(bytes);
  return reader.finish(readReceipt(reader));
}

/** The leaf of a receipt in {@link receiptRoot}. */
export function receiptLeaf(receipt: Receipt): Hash {
  return hash('receipt-leaf', encodeReceipt(receipt));
}

/** The root over the receipts of a block, in the order of its transactions. */
export function receiptRoot(receipts: readonly Receipt[]): Hash {
  return merkleRoot(receipts.map(receiptLeaf));
}

/** {@link receiptRoot} of receipts that lie end to end, as {@link encodeReceipts} writes them. */
export function encodedReceiptRoot(receipts: Uint8Array, hasher: BatchHasher): Hash {
  const count = receipts.length / RECEIPT_BYTES;
  const spans = new Uint32Array(2 * count);
  for (let i = 0; i < count; i++) {
    spans[2 * i] = i * RECEIPT_BYTES;
    spans[2 * i + 1] = RECEIPT_BYTES;
  }
  const leaves = new Uint8Array(32 * count);
  hasher.load(receipts);
  hasher.hashSpans(domainKey('receipt-leaf'), spans, count, leaves);
  return hasher.merkleRoot(leaves, count);
}

/** A receipt list as it is stored: the receipts end to end. */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array {
  const writer = new Writer(receipts.length * RECEIPT_BYTES + 4);
  for (const receipt of receipts) writer.bytes(encodeReceipt(receipt));
  return writer.finish();
}

/**
 * Reads receipts that this program wrote.
 *
 * @throws AssertionError when they are malformed
 */
export function decodeReceipts(bytes: Uint8Array): readonly Receipt[] {
  const parsed = parseReceipts(bytes);
  assert(parsed.ok, 'malformed receipts');
  return parsed.value;
}

/** Reads what {@link encodeReceipts} wrote. */
export function parseReceipts(bytes: Uint8Array): Result<readonly Receipt[]> {
  const reader = new Reader(bytes);
  const receipts: Receipt[] = [];
  while (reader.left > 0 && reader.failure === undefined) receipts.push(readReceipt(reader));
  return reader.finish(receipts);
}
