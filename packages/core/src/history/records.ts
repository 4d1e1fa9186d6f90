import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';

/** Where a transaction is. */
export interface TransactionLocation {
  readonly blockId: Hash;
  readonly height: number;
  /** Index in the block; 0 is the reward. */
  readonly position: number;
}

/** What a transaction did to an address: it added coins, it was agreed to by the address, or both. */
export type Direction = 'in' | 'out' | 'both';

const DIRECTIONS = ['in', 'out', 'both'] as const;

/** One transaction in the history of an address. */
export interface EntryRecord {
  readonly txid: Hash;
  readonly height: number;
  readonly position: number;
  readonly direction: Direction;
}

/** The last block that is in the history. */
export interface IndexedRecord {
  readonly id: Hash;
  readonly height: number;
}

/** The bytes of a record `x`; see layout.ts. */
export function encodeLocation({ blockId, height, position }: TransactionLocation): Uint8Array {
  return new Writer(40).bytes(blockId).u32(height).u32(position).finish();
}

/** Reads a record `x`. Refuses by `codec/…`. */
export function parseLocation(bytes: Uint8Array): Result<TransactionLocation> {
  const reader = new Reader(bytes);
  return reader.finish({ blockId: reader.hash(), height: reader.u32(), position: reader.u32() });
}

/** The bytes of a record `e`; see layout.ts. */
export function encodeEntry({ txid, height, position, direction }: EntryRecord): Uint8Array {
  return new Writer(41).bytes(txid).u32(height).u32(position).u8(DIRECTIONS.indexOf(direction)).finish();
}

/** Reads a record `e`. Refuses by `codec/…`. */
export function parseEntry(bytes: Uint8Array): Result<EntryRecord> {
  const reader = new Reader(bytes);
  const txid = reader.hash();
  const height = reader.u32();
  const position = reader.u32();
  const direction = DIRECTIONS[reader.u8()];
  if (direction === undefined) reader.fail('codec/unknown-tag', { field: 'direction' });
  return reader.finish({ txid, height, position, direction: direction ?? 'in' });
}

/** The bytes of a record `a`; see layout.ts. */
export function encodeCount(count: number): Uint8Array {
  return new Writer(4).u32(count).finish();
}

/** Reads a record `a`. Refuses by `codec/…`. */
export function parseCount(bytes: Uint8Array): Result<number> {
  const reader = new Reader(bytes);
  return reader.finish(reader.u32());
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
