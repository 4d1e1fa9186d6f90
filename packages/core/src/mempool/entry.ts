import type { Amount } from '../base/amount.ts';
import { maskedBytesKey, maskedKeyAt } from '../base/bytes-key.ts';
import { wordAt } from '../base/words.ts';
import { OUTPOINT_BYTES, type Outpoint } from '../primitives/outpoint.ts';
import { TRANSACTION_HEAD_BYTES, type Transaction } from '../primitives/transaction.ts';
import { fmix32 } from '../state/coin.ts';
import type { FeeRate } from './fee-rate.ts';

/** Sums over a transaction and those it is chained to, itself included. */
export interface Totals extends FeeRate {
  readonly count: number;
  readonly bytes: number;
  readonly fee: number;
  readonly gas: number;
}

/** A transaction in the pool. */
export interface PoolEntry extends FeeRate {
  readonly transaction: Transaction;
  /** The txid as a map key; its order is the order of the bytes. See bytesKey in base/bytes-key.ts. */
  readonly key: string;
  readonly fee: Amount;
  /** At least 1. */
  readonly gas: number;
  readonly receivedMs: number;
  /** The coins it spends; see {@link outpointKey}. */
  readonly spent: readonly string[];
  /** Storage entries that were read or written (see PoolView), and what was written. */
  readonly touched: ReadonlySet<string>;
  readonly written: ReadonlyMap<string, Uint8Array | undefined>;
  /** Depends on the height or the time of its block, so it may not hold on an earlier one. */
  readonly conditional: boolean;
  /** Entries that must be in a block first: they made a coin it spends or touched a storage entry it touches. */
  parents: PoolEntry[];
  children: PoolEntry[];
  ancestors: Totals;
  descendants: Totals;
  /** Where it stands in the orders of the pool graph; −1 while it is in none. */
  readonly places: EntryPlaces;
}

/** Positions in heaps, kept by the entry itself: a map would have to be written at every step of an item. */
export interface EntryPlaces {
  best: number;
  worst: number;
}

/** The key of an outpoint: that of its coin (see state/coin.ts), so that nobody can name one coin in two ways. */
export function outpointKey({ txid, index }: Outpoint): string {
  return maskedBytesKey(txid, fmix32(index));
}

/** The keys of a transaction's inputs ({@link outpointKey}), read where they stand: no object of them is needed. */
export function spentKeys({ bytes }: Transaction): string[] {
  return spentKeysAt(bytes, 0);
}

/** The same for a transaction that begins at an offset of longer bytes, such as those of a block. */
export function spentKeysAt(bytes: Uint8Array, start: number): string[] {
  const count = bytes[start + 1] as number;
  const keys = new Array<string>(count);
  for (let i = 0; i < count; i++) {
    const at = start + TRANSACTION_HEAD_BYTES + i * OUTPOINT_BYTES;
    keys[i] = maskedKeyAt(bytes, at, fmix32(wordAt(bytes, at + 32)));
  }
  return keys;
}

/** The totals of one transaction alone. */
export function ownTotals({ transaction, fee, gas }: Pick<PoolEntry, 'transaction' | 'fee' | 'gas'>): Totals {
  return { count: 1, bytes: transaction.bytes.length, fee, gas };
}

/** Adds the transaction of an entry to totals, or with a sign of −1 takes it out. */
export function addTotals(totals: Totals, { transaction, fee, gas }: PoolEntry, sign: 1 | -1 = 1): Totals {
  return {
    count: totals.count + sign,
    bytes: totals.bytes + sign * transaction.bytes.length,
    // Fees of transactions that do not conflict are hugs that exist, so their sum is below 2^53.
    fee: totals.fee + sign * fee,
    gas: totals.gas + sign * gas,
  };
}

/** All entries that an entry builds on, by way of others too; at most 24. */
export function ancestorsOf({ parents }: Pick<PoolEntry, 'parents'>): ReadonlySet<PoolEntry> {
  if (parents.length === 0) return NOBODY;
  return closure(parents, (entry) => entry.parents);
}

/** All entries that build on an entry, by way of others too; at most 24. */
export function descendantsOf({ children }: Pick<PoolEntry, 'children'>): ReadonlySet<PoolEntry> {
  if (children.length === 0) return NOBODY;
  return closure(children, (entry) => entry.children);
}

const NOBODY: ReadonlySet<PoolEntry> = new Set();

function closure(
  start: readonly PoolEntry[],
  next: (entry: PoolEntry) => readonly PoolEntry[],
): Set<PoolEntry> {
  // A set gives what is added to it while it is read, so it is its own queue.
  const found = new Set(start);
  for (const entry of found) for (const other of next(entry)) found.add(other);
  return found;
}

/** Parents before children: an entry has more ancestors than each of its ancestors. Ties by txid. */
export function byDepth(a: PoolEntry, b: PoolEntry): number {
  return a.ancestors.count - b.ancestors.count || compareKeys(a, b);
}

/** Order of txids. */
export function compareKeys(a: Pick<PoolEntry, 'key'>, b: Pick<PoolEntry, 'key'>): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
