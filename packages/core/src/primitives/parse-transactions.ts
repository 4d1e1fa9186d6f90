import { concatBytes } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { wordsOf } from '../base/words.ts';
import { Reader } from '../codec/reader.ts';
import { type BatchHasher, LOAD_BYTES_MAX } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { TRANSACTION_BYTES_MAX } from './limits.ts';
import { readTransfer } from './read-transfer.ts';
import { scanTransactions, type TransactionColumns } from './scan-transactions.ts';
import { parseTransaction, type Transaction } from './transaction.ts';

/**
 * Reads transactions that came together, as {@link parseTransaction} reads each; their ids are hashed as one batch.
 *
 * @returns one result for each, in order; nothing in them is a view of the bytes
 */
export function parseTransactions(
  encoded: readonly Uint8Array[],
  chainId: Hash,
  hasher: BatchHasher,
): Result<Transaction>[] {
  // One that is malformed makes all of them go the long way, at the expense of nobody but who sent them.
  return parseTogether(encoded, chainId, hasher) ?? encoded.map((bytes) => parseTransaction(bytes, chainId));
}

function parseTogether(
  encoded: readonly Uint8Array[],
  chainId: Hash,
  hasher: BatchHasher,
): Result<Transaction>[] | undefined {
  const bytes = joined(encoded);
  if (bytes === undefined) return undefined;
  const words = wordsOf(bytes);
  const columns = scanTransactions(new Reader(bytes), words, encoded.length, chainId);
  if (columns === undefined || !endsAgree(columns, encoded)) return undefined;
  const { offsets, isTransfer, others } = columns;
  const txids = hashBodies(columns, bytes, chainId, hasher);
  return encoded.map((_, i) => {
    if (isTransfer[i] === 0) return ok(others.get(i) as Transaction);
    const txid = txids.slice(32 * i, 32 * (i + 1));
    return ok(readTransfer(bytes, words, offsets[i] as number, offsets[i + 1] as number, txid));
  });
}

/** The transactions end to end, if the scan and the hasher can take them. */
function joined(encoded: readonly Uint8Array[]): Uint8Array | undefined {
  let total = 0;
  for (const { length } of encoded) {
    if (length % 4 !== 0 || length > TRANSACTION_BYTES_MAX) return undefined;
    total += length;
  }
  return total > LOAD_BYTES_MAX ? undefined : concatBytes(...encoded);
}

/** True when each transaction fills the bytes it came in: no part of one was read as part of another. */
function endsAgree({ offsets }: TransactionColumns, encoded: readonly Uint8Array[]): boolean {
  return encoded.every(({ length }, i) => (offsets[i + 1] as number) - (offsets[i] as number) === length);
}

function hashBodies(
  { count, offsets, bodyEnds }: TransactionColumns,
  bytes: Uint8Array,
  chainId: Hash,
  hasher: BatchHasher,
): Uint8Array {
  const spans = new Uint32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const start = offsets[i] as number;
    spans[2 * i] = start;
    spans[2 * i + 1] = (bodyEnds[i] as number) - start;
  }
  const txids = new Uint8Array(32 * count);
  hasher.load(bytes);
  hasher.hashSpans(chainId, spans, count, txids);
  return txids;
}
