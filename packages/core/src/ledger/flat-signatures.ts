import { packSignatureChecks, SIGNATURE_RECORD_BYTES } from '../crypto/signature-records.ts';
import type { FlatTransactions } from '../primitives/flat-transactions.ts';
import { KEY_WITNESS_WORDS } from '../primitives/scan-transactions.ts';
import { signatureChecks } from './transaction-signatures.ts';

const RECORD_WORDS = SIGNATURE_RECORD_BYTES / 4;
/** Words of a key witness before its public key, and before its signature. */
const WITNESS_KEY = 2;
const WITNESS_SIGNATURE = 10;

/** The signatures of many transactions, as packed records (signature-records.ts). */
export interface PackedSignatures {
  readonly checks: Uint8Array;
  /** The transaction that each record belongs to, ascending. */
  readonly positions: Uint32Array;
}

/**
 * The signatures that must be valid for a block to be: those of {@link signatureChecks}, transaction by transaction.
 *
 * @param isChecked - says of which transactions the signatures need no check; they are left out
 * @param from - the first transaction: 1 in a block, for no rule asks for a signature of the reward
 */
export function packSignatures(
  block: FlatTransactions,
  isChecked: (position: number) => boolean,
  from = 1,
): PackedSignatures {
  const others = new Map<number, Uint8Array>();
  const wanted = new Uint32Array(block.count);
  let [wantedCount, recordCount] = [0, 0];
  for (let i = from; i < block.count; i++) {
    if (isChecked(i)) continue;
    wanted[wantedCount++] = i;
    if (block.isTransfer[i] === 1) {
      recordCount += (block.witnessStarts[i + 1] as number) - (block.witnessStarts[i] as number);
    } else {
      const packed = packSignatureChecks(signatureChecks(block.transaction(i)));
      others.set(i, packed);
      recordCount += packed.length / SIGNATURE_RECORD_BYTES;
    }
  }
  const checks = new Uint8Array(recordCount * SIGNATURE_RECORD_BYTES);
  const words = new Int32Array(checks.buffer);
  const positions = new Uint32Array(recordCount);
  let record = 0;
  for (let k = 0; k < wantedCount; k++) {
    const i = wanted[k] as number;
    const before = record;
    const packed = others.get(i);
    if (packed === undefined) {
      record = packTransfer(block, i, words, record);
    } else {
      checks.set(packed, record * SIGNATURE_RECORD_BYTES);
      record += packed.length / SIGNATURE_RECORD_BYTES;
    }
    positions.fill(i, before, record);
  }
  return { checks, positions };
}

/** Writes a record for each witness of a transfer, and returns the number of the next record. */
function packTransfer(block: FlatTransactions, i: number, records: Int32Array, from: number): number {
  const { words, txidWords } = block;
  const end = (block.offsets[i + 1] as number) / 4;
  let record = from;
  for (let witness = (block.bodyEnds[i] as number) / 4; witness < end; witness += KEY_WITNESS_WORDS) {
    const to = record++ * RECORD_WORDS;
    for (let w = 0; w < 8; w++) records[to + w] = words[witness + WITNESS_KEY + w] as number;
    for (let w = 0; w < 8; w++) records[to + 8 + w] = txidWords[8 * i + w] as number;
    for (let w = 0; w < 16; w++) records[to + 16 + w] = words[witness + WITNESS_SIGNATURE + w] as number;
  }
  return record;
}
