import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import type { StoreWrites } from '../ports/block-index.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Address } from '../primitives/address.ts';
import { historyLayout } from './layout.ts';
import {
  type AccountRecord,
  ENTRY_BYTES,
  encodeAccount,
  PAGE_ENTRIES,
  parseAccount,
  tailLength,
} from './records.ts';

const PAGE_BYTES = PAGE_ENTRIES * ENTRY_BYTES;

const NO_ENTRIES: AccountRecord = { count: 0, tail: new Uint8Array(0) };

/** Adds entries of one block to those of an address: pages that are full become records of their own. */
export function appendEntries(writes: StoreWrites, address: Address, entries: Uint8Array): void {
  const before = readAccount(writes, address);
  const count = before.count + entries.length / ENTRY_BYTES;
  assert(count <= 0xffff_ffff, 'more entries of an address than can be counted');
  const open = concatBytes(before.tail, entries);
  const firstPage = fullPages(before.count);
  const pages = fullPages(count);
  for (let page = firstPage; page < pages; page++) {
    const at = (page - firstPage) * PAGE_BYTES;
    writes.put(historyLayout.page(address, page), open.slice(at, at + PAGE_BYTES));
  }
  const tail = open.subarray((pages - firstPage) * PAGE_BYTES);
  writes.put(historyLayout.account(address), encodeAccount({ count, tail }));
}

/**
 * Takes off exactly what {@link appendEntries} added last, so that the records are those of before.
 *
 * @throws AssertionError when the last entries are others
 */
export function removeEntries(writes: StoreWrites, address: Address, entries: Uint8Array): void {
  const { count: after, tail } = readAccount(writes, address);
  const count = after - entries.length / ENTRY_BYTES;
  assert(count >= 0, 'an address has fewer entries than are taken off');
  const pages = fullPages(count);
  const parts: Uint8Array[] = [];
  for (let page = pages; page < fullPages(after); page++) {
    const key = historyLayout.page(address, page);
    const bytes = writes.get(key);
    assert(bytes !== undefined, 'a page of entries is missing');
    parts.push(bytes);
    writes.delete(key);
  }
  const open = concatBytes(...parts, tail);
  const left = ENTRY_BYTES * tailLength(count);
  assert(equalBytes(open.subarray(left), entries), 'the last entries are of another block');
  const key = historyLayout.account(address);
  if (count === 0) writes.delete(key);
  else writes.put(key, encodeAccount({ count, tail: open.subarray(0, left) }));
}

/** Pages of an address with that many entries: the newest entry is never in one. */
function fullPages(count: number): number {
  return (count - tailLength(count)) / PAGE_ENTRIES;
}

function readAccount(store: ReadStore, address: Address): AccountRecord {
  const bytes = store.get(historyLayout.account(address));
  if (bytes === undefined) return NO_ENTRIES;
  const account = parseAccount(bytes);
  assert(account.ok, `the entries of ${toHex(address)} cannot be read`);
  return account.value;
}
