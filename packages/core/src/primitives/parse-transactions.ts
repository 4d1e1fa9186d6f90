import { concatBytes } from '../base/bytes.ts';
import { ok, type Result } from '../base/result.ts';
import { wordsOf } from '../base/words.ts';
import { Reader } from '../codec/reader.ts';
import { type BatchHasher, LOAD_BYTES_MAX } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { FlatTransactions } from './flat-transactions.ts';
import { TRANSACTION_BYTES_MAX } from './limits.ts';
import { scanTransactions, type TransactionColumns } from './scan-transactions.ts';
import { parseTransaction, type Transaction } from './transaction.ts';

/** Transactions that came together. */
export interface ParsedTransactions {
  /** One for each, in order; nothing in them is a view of the bytes they came in. */
  readonly results: readonly Result<Transaction>[];
  /** All of them in their flat form, which is as large as they are together; undefined when one is malformed. */
  readonly flat: FlatTransactions | undefined;
}

/** Reads transactions that came together, as {@link parseTransaction} reads each; they are hashed as one batch. */
export function parseTransactions(
  encoded: readonly Uint8Array[],
  chainId: Hash,
  hasher: BatchHasher,
): ParsedTransactions {
  const flat = flatten(encoded, chainId, hasher);
  if (flat !== undefined) return { results: encoded.map((_, i) => ok(flat.transaction(i))), flat };
  // One that is malformed makes all of them go the long way, at the expense of nobody but who sent them.
  return { results: encoded.map((bytes) => parseTransaction(bytes, chainId)), flat };
}

function flatten(
  encoded: readonly Uint8Array[],
  chainId: Hash,
  hasher: BatchHasher,
): FlatTransactions | undefined {
  const bytes = joined(encoded);
  if (bytes === undefined) return undefined;
  const words = wordsOf(bytes);
  const columns = scanTransactions(new Reader(bytes), words, encoded.length, chainId);
  if (columns === undefined || !endsAgree(columns, encoded)) return undefined;
  return new FlatTransactions(bytes, words, columns, chainId, hasher);
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
