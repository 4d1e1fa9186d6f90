import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Address } from '../primitives/address.ts';
import { historyLayout } from './layout.ts';
import {
  type EntryRecord,
  parseCount,
  parseEntry,
  parseLocation,
  type TransactionLocation,
} from './records.ts';
import { refuseHistory } from './rules.ts';

/** Entries in one answer. */
export const HISTORY_ENTRIES_MAX = 100;

/** An entry of an address with its number, from 0 for the oldest. */
export interface HistoryEntry extends EntryRecord {
  readonly index: number;
}

/** A part of the history of an address. */
export interface AddressHistory {
  /** Entries that the address has. */
  readonly total: number;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
}

/** Which part of a history is wanted. */
export interface HistoryPage {
  /** Only entries with a smaller number; the newest when left out. */
  readonly before?: number | undefined;
  /** At most {@link HISTORY_ENTRIES_MAX}, which it is when left out. */
  readonly limit?: number | undefined;
}

/** Where a transaction of the best branch is; undefined when it is in no block. Refuses by `history/damaged`. */
export function transactionLocation(store: ReadStore, txid: Hash): Result<TransactionLocation | undefined> {
  const bytes = store.get(historyLayout.transaction(txid));
  if (bytes === undefined) return ok(undefined);
  const location = parseLocation(bytes);
  return location.ok ? location : refuseHistory('history/damaged', { record: 'location' });
}

/** The transactions of an address, newest first, a page at a time. Refuses by `history/damaged`. */
export function addressHistory(
  store: ReadStore,
  address: Address,
  { before = Number.MAX_SAFE_INTEGER, limit = HISTORY_ENTRIES_MAX }: HistoryPage = {},
): Result<AddressHistory> {
  const counted = store.get(historyLayout.count(address));
  const count = counted === undefined ? ok(0) : parseCount(counted);
  if (!count.ok) return refuseHistory('history/damaged', { record: 'count' });
  const end = Math.min(count.value, before);
  const start = Math.max(0, end - Math.min(limit, HISTORY_ENTRIES_MAX));
  const entries: HistoryEntry[] = [];
  for (let index = end - 1; index >= start; index--) {
    const bytes = store.get(historyLayout.entry(address, index));
    const entry = bytes === undefined ? undefined : parseEntry(bytes);
    if (entry?.ok !== true) return refuseHistory('history/damaged', { record: 'entry', index });
    entries.push({ index, ...entry.value });
  }
  return ok({ total: count.value, entries });
}
