import { assert } from '../base/assert.ts';
import { bytesKey, bytesKeyAt } from '../base/bytes-key.ts';
import { ok, type Result } from '../base/result.ts';
import { wordsOf } from '../base/words.ts';
import { Reader } from '../codec/reader.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { type Block, parseBlock, readTransactionCount, transactionRoot } from './block.ts';
import { FlatTransactions } from './flat-transactions.ts';
import { type Header, headerId, readHeader } from './header.ts';
import { BLOCK_BYTES_MAX } from './limits.ts';
import { type JoinedTransactions, scanTransactions, type TransactionColumns } from './scan-transactions.ts';
import type { Transaction } from './transaction.ts';

/** A block in its flat form. It is a {@link Block} too, whose transaction objects are made when they are asked for. */
export class FlatBlock extends FlatTransactions implements Block {
  readonly header: Header;
  readonly id: Hash;
  /** The root over the leaves that are there; whether the header has it is for the ledger to say. */
  readonly txRoot: Hash;
  #transactions: readonly Transaction[] | undefined;

  /** See {@link scanBlock}, which makes it. */
  constructor(
    bytes: Uint8Array,
    words: Int32Array,
    header: Header,
    columns: TransactionColumns,
    chainId: Hash,
    hasher: BatchHasher,
    leaves?: Uint8Array,
  ) {
    super(bytes, words, columns, chainId, hasher, leaves);
    this.header = header;
    this.id = headerId(header);
    this.txRoot = leaves === undefined ? hasher.merkleRoot(this.leaves, this.count) : header.txRoot;
  }

  get transactions(): readonly Transaction[] {
    this.#transactions ??= Array.from({ length: this.count }, (_, i) => this.transaction(i));
    return this.#transactions;
  }
}

/** One transaction of a block, without making objects of the others. */
export function transactionAt(block: Block, i: number): Transaction {
  return block instanceof FlatBlock ? block.transaction(i) : (block.transactions[i] as Transaction);
}

/** The txid of one transaction as a map key ({@link bytesKey}), without making an object of the transaction. */
export function txidKeyAt(block: Block, i: number): string {
  if (block instanceof FlatBlock) return bytesKeyAt(block.txids, 32 * i);
  return bytesKey((block.transactions[i] as Transaction).txid);
}

/** How many transactions a block has, without making objects of them. */
export function transactionCount(block: Block): number {
  return block instanceof FlatBlock ? block.count : block.transactions.length;
}

/** The root over the transactions of a block, which is known already where it was scanned. */
export function blockTransactionRoot(block: Block): Hash {
  return block instanceof FlatBlock ? block.txRoot : transactionRoot(block.transactions);
}

/**
 * Reads exactly one block, as {@link parseBlock} does: the same bytes are accepted, and others are refused for the same
 * fault, which is the parser's to name. Ids and roots are computed, not compared. The block keeps `bytes` as they are,
 * so the caller must not write to them again.
 */
export function scanBlock(bytes: Uint8Array, chainId: Hash, hasher: BatchHasher): Result<FlatBlock> {
  const scanned = scan(bytes, chainId, hasher);
  return scanned === undefined ? refusal(bytes, chainId) : ok(scanned);
}

/**
 * {@link scanBlock} for a block that was put together from transactions, of which the caller has found that the header
 * commits to their leaves: neither these nor the root are computed.
 *
 * @returns undefined where the bytes are not a block of exactly these transactions. They may be a block of others, cut
 *   elsewhere, whose leaves the header does not commit to: whoever reads the bytes alone finds that out
 */
export function scanJoinedBlock(
  bytes: Uint8Array,
  joined: JoinedTransactions,
  chainId: Hash,
  hasher: BatchHasher,
): FlatBlock | undefined {
  assert(joined.leaves.length === 32 * joined.parts.length, 'a leaf for each transaction');
  return scan(bytes, chainId, hasher, joined);
}

function scan(
  bytes: Uint8Array,
  chainId: Hash,
  hasher: BatchHasher,
  joined?: JoinedTransactions,
): FlatBlock | undefined {
  if (bytes.length > BLOCK_BYTES_MAX) return undefined;
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  const count = readTransactionCount(reader);
  if (reader.failure !== undefined) return undefined;
  if (joined !== undefined && joined.parts.length !== count) return undefined;
  const words = wordsOf(reader.bytes);
  const columns = scanTransactions(reader, words, count, chainId, joined);
  if (columns === undefined || reader.left > 0) return undefined;
  return new FlatBlock(reader.bytes, words, header, columns, chainId, hasher, joined?.leaves);
}

function refusal(bytes: Uint8Array, chainId: Hash): Result<FlatBlock> {
  const parsed = parseBlock(bytes, chainId);
  assert(!parsed.ok, 'the scan refuses only what the parser refuses');
  return parsed;
}
