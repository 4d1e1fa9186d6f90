import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { OK, type Result } from '../../base/result.ts';
import { wordAt } from '../../base/words.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { BLOCK_BYTES_MAX, TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { BLOCK_TRANSACTIONS_MAX, type CompactBlockMessage } from '../messages/blocks.ts';
import { PREFILLED_BYTES_MAX, SHORT_ID_BYTES } from '../messages/limits.ts';
import { refuseP2p } from '../rules.ts';
import { NOT_FOUND, type RecentTransactions } from './recent-transactions.ts';
import { type JoiningChain, joinBlock, type RelayBlock } from './relay-block.ts';
import type { RelayHost } from './relay-host.ts';

/** What putting a block together takes of the node. */
export interface JoiningNode {
  readonly chain: JoiningChain;
  readonly mempool: Pick<RelayHost['mempool'], 'get'>;
}

/** Refuses a compact block whose lists contradict each other: places out of order or outside, parts of a short id. */
export function verifyCompactBlock({ prefilled, shortIds }: CompactBlockMessage): Result<undefined> {
  const count = prefilled.length + shortIds.length / SHORT_ID_BYTES;
  if (!Number.isInteger(count) || count > BLOCK_TRANSACTIONS_MAX) {
    return refuseP2p('p2p/compact-block-shape', {
      shortIdBytes: shortIds.length,
      prefilled: prefilled.length,
    });
  }
  let [last, bytes] = [-1, 0];
  for (const one of prefilled) {
    if (!(one.index > last && one.index < count) || one.bytes.length > TRANSACTION_BYTES_MAX) {
      return refuseP2p('p2p/compact-block-shape', { index: one.index, expected: count });
    }
    last = one.index;
    bytes += one.bytes.length;
  }
  return bytes > PREFILLED_BYTES_MAX ? refuseP2p('p2p/compact-block-shape', { bytes }) : OK;
}

/**
 * A block that is being put together from a compact one. What it is given may be lies: whether the transactions are the
 * right ones is only said by {@link finish}, which compares the root.
 */
export class Reconstruction {
  readonly message: CompactBlockMessage;
  readonly #parts: (Uint8Array | undefined)[];
  readonly #leaves: Uint8Array;
  /** The txids of those from the pool. */
  readonly #txids: (Hash | undefined)[];
  /** Places whose transactions came with or for the block, and not from the pool. */
  readonly #supplied: number[] = [];
  #bytes = 0;
  #filled = 0;

  /** @param message - see {@link verifyCompactBlock} */
  constructor(message: CompactBlockMessage, recent: RecentTransactions) {
    const { prefilled, shortIds } = message;
    const count = prefilled.length + shortIds.length / SHORT_ID_BYTES;
    this.message = message;
    this.#parts = new Array(count).fill(undefined);
    this.#leaves = new Uint8Array(32 * count);
    this.#txids = new Array(count).fill(undefined);
    let [nextPrefilled, offset] = [0, 0];
    for (let i = 0; i < count; i++) {
      const given = prefilled[nextPrefilled];
      if (given?.index === i) {
        nextPrefilled += 1;
        this.#supply(i, given.bytes, hash('tx-leaf', given.bytes));
        continue;
      }
      const place = recent.find(shortIds, offset);
      if (place !== NOT_FOUND) {
        this.#set(i, recent.bytesAt(place));
        this.#txids[i] = recent.txidAt(place);
        recent.copyLeaf(place, this.#leaves, 32 * i);
      }
      offset += SHORT_ID_BYTES;
    }
  }

  /** Transactions of the block. */
  get count(): number {
    return this.#parts.length;
  }

  /** Places of the transactions that came with or for the block, ascending. */
  get supplied(): readonly number[] {
    return this.#supplied.toSorted((a, b) => a - b);
  }

  /** True when all transactions are here, be they the right ones or not. */
  get isComplete(): boolean {
    return this.#filled === this.#parts.length;
  }

  /** Places of the transactions that are not here, ascending. */
  missing(): number[] {
    const missing: number[] = [];
    for (let i = 0; i < this.#parts.length; i++) if (this.#parts[i] === undefined) missing.push(i);
    return missing;
  }

  /**
   * Puts transactions at places that were missing.
   *
   * @returns false, and nothing is put, when one of them has another short id or they are more than a block may have
   */
  fill(places: readonly number[], transactions: readonly Uint8Array[]): boolean {
    assert(places.length === transactions.length, 'a transaction for each place');
    const bytes = transactions.reduce((sum, { length }) => sum + length, this.#bytes);
    const leaves = transactions.map((transaction) => hash('tx-leaf', transaction));
    if (bytes > BLOCK_BYTES_MAX || !this.#haveShortIds(places, leaves)) return false;
    places.forEach((place, i) => {
      this.#supply(place, transactions[i] as Uint8Array, leaves[i] as Hash);
    });
    return true;
  }

  /** The block when its transactions are those of the header; undefined when they are not, or not all here. */
  finish({ chain, mempool }: JoiningNode): RelayBlock | undefined {
    if (!this.isComplete || this.#bytes > BLOCK_BYTES_MAX) return undefined;
    const parts = this.#parts.filter((part) => part !== undefined);
    const transaction = (place: number): Transaction | undefined => {
      const txid = this.#txids[place];
      const pooled = txid === undefined ? undefined : mempool.get(txid);
      // The pool may have another one by now, with other signatures.
      return pooled?.bytes === parts[place] ? pooled : undefined;
    };
    return joinBlock(this.message.header, { parts, leaves: this.#leaves, transaction }, chain);
  }

  /** True when the leaves begin with the short ids of the places. */
  #haveShortIds(places: readonly number[], leaves: readonly Hash[]): boolean {
    const { prefilled, shortIds } = this.message;
    let before = 0;
    return places.every((place, i) => {
      while ((prefilled[before]?.index ?? place) < place) before += 1;
      const leaf = leaves[i] as Hash;
      const offset = SHORT_ID_BYTES * (place - before);
      return wordAt(shortIds, offset) === wordAt(leaf, 0) && wordAt(shortIds, offset + 4) === wordAt(leaf, 4);
    });
  }

  #supply(i: number, bytes: Uint8Array, leaf: Hash): void {
    this.#set(i, bytes);
    this.#leaves.set(leaf, 32 * i);
    this.#supplied.push(i);
  }

  #set(i: number, bytes: Uint8Array): void {
    assert(this.#parts[i] === undefined, 'a place is filled once');
    this.#parts[i] = bytes;
    this.#filled += 1;
    this.#bytes += bytes.length;
  }
}

/** True when a compact block describes a block as it is: every short id and every transaction that came with it. */
export function describes(
  { prefilled, shortIds }: CompactBlockMessage,
  { count, leaves, part }: RelayBlock,
): boolean {
  if (prefilled.length + shortIds.length / SHORT_ID_BYTES !== count) return false;
  let [nextPrefilled, offset] = [0, 0];
  for (let i = 0; i < count; i++) {
    const given = prefilled[nextPrefilled];
    if (given?.index === i) {
      nextPrefilled += 1;
      if (!equalBytes(given.bytes, part(i))) return false;
      continue;
    }
    for (let byte = 0; byte < SHORT_ID_BYTES; byte++) {
      if (shortIds[offset + byte] !== leaves[32 * i + byte]) return false;
    }
    offset += SHORT_ID_BYTES;
  }
  return true;
}
