import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';

/** Where a transaction of the best branch is. */
export interface TransactionLocation {
  readonly height: number;
  /** Index in the block; 0 is the reward. */
  readonly position: number;
}

/** What a transaction did to an address: it added coins, it was agreed to by the address, or both. */
export type Direction = 'in' | 'out' | 'both';

/** The bit of a place that says that the transaction pays the address. */
export const PAID = 1;
/** The bit of a place that says that the address agreed to the transaction. */
export const AGREED = 2;

const DIRECTIONS = [undefined, 'in', 'out', 'both'] as const;

/** Bytes of an entry. */
export const ENTRY_BYTES = 8;
/** Entries of a full page, which is what a record `a` holds at most too. */
export const PAGE_ENTRIES = 32;
/** Txids in a record `y`. */
export const PART_TXIDS = 64;

/** One transaction in the history of an address. */
export interface EntryRecord extends TransactionLocation {
  readonly direction: Direction;
}

/** The entries of an address, as far as they fill no page. */
export interface AccountRecord {
  /** All entries of the address; 1 or more. */
  readonly count: number;
  /** The entries after those of full pages, end to end; {@link tailLength} of them. */
  readonly tail: Uint8Array;
}

/** The last block that is in the history. */
export interface IndexedRecord {
  readonly id: Hash;
  readonly height: number;
}

/** Entries of an address that are in its record `a`: 1 to {@link PAGE_ENTRIES}, none where it has none. */
export function tailLength(count: number): number {
  return count === 0 ? 0 : ((count - 1) % PAGE_ENTRIES) + 1;
}

/** The bytes of a record `x`; see layout.ts. */
export function encodeLocation({ height, position }: TransactionLocation): Uint8Array {
  return words(height, position);
}

/** Reads a record `x`. Refuses by `codec/…`. */
export function parseLocation(bytes: Uint8Array): Result<TransactionLocation> {
  const reader = new Reader(bytes);
  return reader.finish({ height: reader.u32(), position: reader.u32() });
}

/** The entries of one address for one block, end to end. */
export function encodeEntries(height: number, places: readonly number[]): Uint8Array {
  const entries = new Uint8Array(ENTRY_BYTES * places.length);
  for (const [i, place] of places.entries()) entries.set(words(height, place), ENTRY_BYTES * i);
  return entries;
}

/** Reads entry `i` of some that stand end to end, all of them there. Refuses by `codec/…`. */
export function parseEntry(entries: Uint8Array, i: number): Result<EntryRecord> {
  const reader = new Reader(entries.subarray(ENTRY_BYTES * i, ENTRY_BYTES * (i + 1)));
  const [height, place] = [reader.u32(), reader.u32()];
  const direction = DIRECTIONS[place & 3];
  if (direction === undefined) reader.fail('codec/unknown-tag', { field: 'direction' });
  return reader.finish({ height, position: place >>> 2, direction: direction ?? 'in' });
}

/** The bytes of a record `a`; see layout.ts. */
export function encodeAccount({ count, tail }: AccountRecord): Uint8Array {
  assert(tail.length === ENTRY_BYTES * tailLength(count), 'the entries that fill no page');
  const bytes = new Uint8Array(4 + tail.length);
  setWord(bytes, 0, count);
  bytes.set(tail, 4);
  return bytes;
}

/** Reads a record `a`. Refuses by `codec/…`. */
export function parseAccount(bytes: Uint8Array): Result<AccountRecord> {
  const reader = new Reader(bytes);
  const count = reader.u32();
  const tail = reader.take(ENTRY_BYTES * tailLength(count));
  reader.canonical(count > 0, 'an address without entries');
  return reader.finish({ count, tail });
}

/** The bytes of the record `i`; see layout.ts. */
export function encodeIndexed({ id, height }: IndexedRecord): Uint8Array {
  return new Writer(36).bytes(id).u32(height).finish();
}

/** Reads the record `i`. Refuses by `codec/…`. */
export function parseIndexed(bytes: Uint8Array): Result<IndexedRecord> {
  const reader = new Reader(bytes);
  return reader.finish({ id: reader.hash(), height: reader.u32() });
}

/** Two numbers, little-endian. */
function words(first: number, second: number): Uint8Array {
  const bytes = new Uint8Array(8);
  setWord(bytes, 0, first);
  setWord(bytes, 4, second);
  return bytes;
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >>> (8 * i);
}
