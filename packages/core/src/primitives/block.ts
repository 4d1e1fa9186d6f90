import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { refuseCodec } from '../codec/rules.ts';
import { Writer } from '../codec/writer.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { domainKey, type Hash } from '../crypto/hash.ts';
import { merkleRoot } from '../crypto/merkle.ts';
import { type Header, headerId, readHeader, writeHeader } from './header.ts';
import { BLOCK_BYTES_MAX } from './limits.ts';
import {
  readTransaction,
  SPEND_BYTES_MIN,
  TRANSACTION_HEAD_BYTES,
  type Transaction,
  transactionLeaf,
} from './transaction.ts';

/** A block with its bytes and id. Layout: header, number of transactions u32, transactions. */
export interface Block {
  readonly header: Header;
  /** The first one is the reward. Empty only in the genesis block. */
  readonly transactions: readonly Transaction[];
  readonly bytes: Uint8Array;
  /** The id of the header. */
  readonly id: Hash;
}

/** Joins a header with its transactions. */
export function createBlock(header: Header, transactions: readonly Transaction[]): Block {
  const writer = new Writer(4096);
  writeHeader(writer, header);
  writer.u32(transactions.length);
  for (const transaction of transactions) writer.bytes(transaction.bytes);
  return { header, transactions, bytes: writer.finish(), id: headerId(header) };
}

/**
 * Reads exactly one block. Ids are computed, roots are not compared: that is the ledger's work. The block keeps
 * `bytes` as they are, so the caller must not write to them again.
 */
export function parseBlock(bytes: Uint8Array, chainId: Hash): Result<Block> {
  if (bytes.length > BLOCK_BYTES_MAX) {
    return refuseCodec('codec/limit', { field: 'block bytes', got: bytes.length, expected: BLOCK_BYTES_MAX });
  }
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  const count = readTransactionCount(reader);
  const transactions: Transaction[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++)
    transactions.push(readTransaction(reader, chainId));
  // A header that was not read is not one that can be written and hashed.
  if (reader.failure !== undefined) return reader.failure;
  return reader.finish({ header, transactions, bytes: reader.bytes, id: headerId(header) });
}

/**
 * Reads the number of transactions. Every one but the reward spends a coin: without this bound, 32 MiB of empty
 * transactions of 12 bytes would become millions of objects before the ledger could refuse the second one.
 */
export function readTransactionCount(reader: Reader): number {
  const count = reader.u32();
  const countMax = 1 + Math.floor(reader.left / SPEND_BYTES_MIN);
  return reader.count(count, countMax, TRANSACTION_HEAD_BYTES);
}

/** The root over the transactions of a block. */
export function transactionRoot(transactions: readonly Transaction[]): Hash {
  return merkleRoot(transactions.map(transactionLeaf));
}

/** {@link transactionRoot} of many transactions. */
export function batchTransactionRoot(transactions: readonly Transaction[], hasher: BatchHasher): Hash {
  return hasher.merkleRoot(transactionLeaves(transactions, hasher), transactions.length);
}

/** The leaves ({@link transactionLeaf}) of many transactions, 32 bytes each. */
export function transactionLeaves(
  transactions: readonly Transaction[],
  hasher: BatchHasher,
): Uint8Array<ArrayBuffer> {
  const spans = new Uint32Array(2 * transactions.length);
  let end = 0;
  for (let i = 0; i < transactions.length; i++) {
    const { length } = (transactions[i] as Transaction).bytes;
    spans[2 * i] = end;
    spans[2 * i + 1] = length;
    end += length;
  }
  const joined = new Uint8Array(end);
  for (let i = 0; i < transactions.length; i++) {
    joined.set((transactions[i] as Transaction).bytes, spans[2 * i]);
  }
  hasher.load(joined);
  const leaves = new Uint8Array(32 * transactions.length);
  hasher.hashSpans(domainKey('tx-leaf'), spans, transactions.length, leaves);
  return leaves;
}
