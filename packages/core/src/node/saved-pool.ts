import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';

import { readTransaction, TRANSACTION_HEAD_BYTES, type Transaction } from '../primitives/transaction.ts';

/** Transactions that a clean stop saves; the rest was worth least. */
const SAVED_POOL_MAX = 100_000;

/** The pool as a stop saves it: number of transactions u32, then the transactions. */
export function encodePool(transactions: Iterable<Transaction>): Uint8Array {
  const saved: Transaction[] = [];
  for (const transaction of transactions) {
    if (saved.length === SAVED_POOL_MAX) break;
    saved.push(transaction);
  }
  const writer = new Writer();
  writer.u32(saved.length);
  for (const { bytes } of saved) writer.bytes(bytes);
  return writer.finish();
}

/** Reads what {@link encodePool} wrote. */
export function parsePool(bytes: Uint8Array, chainId: Hash): Result<readonly Transaction[]> {
  const reader = new Reader(bytes);
  const count = reader.count(reader.u32(), SAVED_POOL_MAX, TRANSACTION_HEAD_BYTES);
  const transactions: Transaction[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++)
    transactions.push(readTransaction(reader, chainId));
  return reader.finish(transactions);
}
