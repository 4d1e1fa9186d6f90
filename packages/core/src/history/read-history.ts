import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Address } from '../primitives/address.ts';
import { historyLayout } from './layout.ts';
import {
  ENTRY_BYTES,
  type EntryRecord,
  PAGE_ENTRIES,
  PART_TXIDS,
  parseAccount,
  parseEntry,
  parseLocation,
  type TransactionLocation,
  tailLength,
} from './records.ts';
import { refuseHistory } from './rules.ts';

/** Entries in one answer. */
export const HISTORY_ENTRIES_MAX = 100;

/** An entry of an address with its number, from 0 for the oldest. */
export interface HistoryEntry extends EntryRecord {
  readonly index: number;
  readonly txid: Hash;
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
  const bytes = store.get(historyLayout.account(address));
  if (bytes === undefined) return ok({ total: 0, entries: [] });
  const account = parseAccount(bytes);
  if (!account.ok) return refuseHistory('history/damaged', { record: 'account' });
  const { count, tail } = account.value;
  const end = Math.min(count, before);
  const start = Math.max(0, end - Math.min(limit, HISTORY_ENTRIES_MAX));
  const tailStart = count - tailLength(count);
  const read = new EntryReader(store);
  const entries: HistoryEntry[] = [];
  for (let index = end - 1; index >= start; index--) {
    const entry = index >= tailStart ? read.entry(tail, index - tailStart) : read.entryOfPage(address, index);
    if (entry === undefined) return refuseHistory('history/damaged', { record: 'entry', index });
    entries.push({ index, ...entry });
  }
  return ok({ total: count, entries });
}

/** Reads entries with their txids; remembers the last record of each kind, for the next entry is often in it too. */
class EntryReader {
  readonly #store: ReadStore;
  #page: { readonly number: number; readonly entries: Uint8Array } | undefined;
  #txids: { readonly height: number; readonly part: number; readonly txids: Uint8Array } | undefined;

  constructor(store: ReadStore) {
    this.#store = store;
  }

  /** Entry `i` of some that stand end to end; undefined when it or its txid is damaged. */
  entry(entries: Uint8Array, i: number): Omit<HistoryEntry, 'index'> | undefined {
    const entry = parseEntry(entries, i);
    if (!entry.ok) return undefined;
    const txid = this.#txid(entry.value);
    return txid === undefined ? undefined : { txid, ...entry.value };
  }

  /** Entry number `index` of an address, which is in a page. */
  entryOfPage(address: Address, index: number): Omit<HistoryEntry, 'index'> | undefined {
    const number = Math.floor(index / PAGE_ENTRIES);
    if (this.#page?.number !== number) {
      const entries = this.#store.get(historyLayout.page(address, number));
      if (entries?.length !== PAGE_ENTRIES * ENTRY_BYTES) return undefined;
      this.#page = { number, entries };
    }
    return this.entry(this.#page.entries, index % PAGE_ENTRIES);
  }

  #txid({ height, position }: TransactionLocation): Hash | undefined {
    const part = Math.floor(position / PART_TXIDS);
    if (this.#txids?.height !== height || this.#txids.part !== part) {
      const txids = this.#store.get(historyLayout.txids(height, part));
      if (txids === undefined) return undefined;
      this.#txids = { height, part, txids };
    }
    const at = 32 * (position % PART_TXIDS);
    const txid = this.#txids.txids.slice(at, at + 32);
    return txid.length === 32 ? txid : undefined;
  }
}
