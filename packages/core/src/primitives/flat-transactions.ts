import { assert } from '../base/assert.ts';
import { wordsOf } from '../base/words.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { domainKey, type Hash } from '../crypto/hash.ts';
import { readTransfer } from './read-transfer.ts';
import { scanTransactions, type TransactionColumns } from './scan-transactions.ts';
import type { Transaction } from './transaction.ts';

/**
 * Transactions that stand end to end, as columns of offsets and hashes: what the hot path reads in place of objects.
 * The object of a transaction is made when somebody asks for it.
 */
export class FlatTransactions implements Omit<TransactionColumns, 'locks' | 'others'> {
  /** Where the transactions lie; the owner must not write to them again. */
  readonly bytes: Uint8Array;
  /** The same bytes as little-endian words, or a copy of them. */
  readonly words: Int32Array;
  readonly count: number;
  readonly offsets: Uint32Array;
  readonly bodyEnds: Uint32Array;
  readonly isTransfer: Uint8Array;
  readonly inputStarts: Uint32Array;
  readonly outpoints: Uint32Array;
  /** `count` + 1: position in `addresses` of the first witness of each; only transfers have any there. */
  readonly witnessStarts: Uint32Array;
  /** 32 bytes each. */
  readonly txids: Uint8Array;
  /** The txids as words, 8 each. */
  readonly txidWords: Int32Array;
  /** The leaves ({@link transactionLeaf}), 32 bytes each. */
  readonly leaves: Uint8Array;
  /** The address of the lock of every witness of every transfer, 32 bytes each. */
  readonly addresses: Uint8Array;
  /** The addresses as words, 8 each. */
  readonly addressWords: Int32Array;
  readonly #others: ReadonlyMap<number, Transaction>;
  #read: (Transaction | undefined)[] | undefined;

  /**
   * Hashes what the columns say. At most 64 MiB, which is what a hasher takes at a time.
   *
   * @param words - the words of `bytes`
   * @param leaves - where they are known, which spares hashing them
   */
  constructor(
    bytes: Uint8Array,
    words: Int32Array,
    columns: TransactionColumns,
    chainId: Hash,
    hasher: BatchHasher,
    leaves?: Uint8Array,
  ) {
    const { count, offsets, bodyEnds, isTransfer, inputStarts, outpoints, witnessStarts, locks } = columns;
    this.bytes = bytes;
    this.words = words;
    this.count = count;
    this.offsets = offsets;
    this.bodyEnds = bodyEnds;
    this.isTransfer = isTransfer;
    this.inputStarts = inputStarts;
    this.outpoints = outpoints;
    this.witnessStarts = witnessStarts;
    this.#others = columns.others;
    hasher.load(bytes);
    this.txids = hashSpans(hasher, chainId, spansBetween(offsets, bodyEnds, count));
    this.txidWords = new Int32Array(this.txids.buffer);
    this.leaves =
      leaves ?? hashSpans(hasher, domainKey('tx-leaf'), spansBetween(offsets, offsets.subarray(1), count));
    this.addresses = hashSpans(hasher, domainKey('address'), locks);
    this.addressWords = new Int32Array(this.addresses.buffer);
  }

  /** The object of transaction `i`, made when it is asked for the first time. */
  transaction(i: number): Transaction {
    this.#read ??= new Array(this.count);
    const known = this.#read[i] ?? this.#others.get(i);
    if (known !== undefined) return known;
    assert(Number.isInteger(i) && i >= 0 && i < this.count, `no transaction ${i} among ${this.count}`);
    assert(this.isTransfer[i] === 1, 'the scan has read what is no transfer');
    const [start, end] = [this.offsets[i] as number, this.offsets[i + 1] as number];
    const transaction = readTransfer(this.bytes, start, end, this.txid(i));
    this.#read[i] = transaction;
    return transaction;
  }

  /** A copy of the id of transaction `i`. */
  txid(i: number): Hash {
    return this.txids.slice(32 * i, 32 * (i + 1));
  }
}

/**
 * The flat form of transactions that are in no block: candidates of a producer, or a single one. At most 64 MiB.
 *
 * @param chainId - of the chain whose ids they carry
 */
export function flattenTransactions(
  transactions: readonly Transaction[],
  chainId: Hash,
  hasher: BatchHasher,
): FlatTransactions {
  const writer = new Writer(4096);
  for (const { bytes } of transactions) writer.bytes(bytes);
  const bytes = writer.finish();
  const words = wordsOf(bytes);
  const columns = scanTransactions(new Reader(bytes), words, transactions.length, chainId);
  assert(columns !== undefined, 'a transaction has the bytes of one');
  return new FlatTransactions(bytes, words, columns, chainId, hasher);
}

/** Offset and length from each start to its end. */
function spansBetween(starts: Uint32Array, ends: Uint32Array, count: number): Uint32Array {
  const spans = new Uint32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const start = starts[i] as number;
    spans[2 * i] = start;
    spans[2 * i + 1] = (ends[i] as number) - start;
  }
  return spans;
}

function hashSpans(hasher: BatchHasher, key: Hash, spans: Uint32Array): Uint8Array<ArrayBuffer> {
  const count = spans.length / 2;
  const hashes = new Uint8Array(32 * count);
  hasher.hashSpans(key, spans, count, hashes);
  return hashes;
}
