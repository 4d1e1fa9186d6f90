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

export function encodeLocation({ blockId, height, position }: TransactionLocation): Uint8Array {
  return new Writer(40).bytes(blockId).u32(height).u32(position).finish();
}

export function parseLocation(bytes: Uint8Array): Result<TransactionLocation> {
  const reader = new Reader(bytes);
  return reader.finish({ blockId: reader.hash(), height: reader.u32(), position: reader.u32() });
}

export function encodeEntry({ txid, height, position, direction }: EntryRecord): Uint8Array {
  return new Writer(41).bytes(txid).u32(height).u32(position).u8(DIRECTIONS.indexOf(direction)).finish();
}

export function parseEntry(bytes: Uint8Array): Result<EntryRecord> {
  const reader = new Reader(bytes);
  const txid = reader.hash();
  const height = reader.u32();
  const position = reader.u32();
  const direction = DIRECTIONS[reader.u8()];
  if (direction === undefined) reader.fail('codec/unknown-tag', { field: 'direction' });
  return reader.finish({ txid, height, position, direction: direction ?? 'in' });
}

export function encodeCount(count: number): Uint8Array {
  return new Writer(4).u32(count).finish();
}

export function parseCount(bytes: Uint8Array): Result<number> {
  const reader = new Reader(bytes);
  return reader.finish(reader.u32());
}

export function encodeIndexed({ id, height }: IndexedRecord): Uint8Array {
  return new Writer(36).bytes(id).u32(height).finish();
}

export function parseIndexed(bytes: Uint8Array): Result<IndexedRecord> {
  const reader = new Reader(bytes);
  return reader.finish({ id: reader.hash(), height: reader.u32() });
}
