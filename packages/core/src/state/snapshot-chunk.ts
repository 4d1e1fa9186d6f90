import { assert } from '../base/assert.ts';
import { compareBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { domainKey, type Hash } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { COIN_ENTRY_BYTES } from './coin-state.ts';
import {
  readStorageKey,
  readStorageValue,
  type StorageEntry,
  storageKey,
  writeStorageKey,
  writeStorageValue,
} from './storage.ts';

/** Bytes of a chunk: one message, and what a peer can make a node hold before it is checked. */
export const SNAPSHOT_CHUNK_BYTES_MAX = 262_144;

/** Bytes before the entries of a chunk: map u8 (0 coins, 1 storage), count u32. */
export const CHUNK_HEAD_BYTES = 5;

const plainHasher = createPlainHasher();

/** The hash by which the manifest of a checkpoint names a chunk. */
export function chunkHash(chunk: Uint8Array, hasher: Pick<BatchHasher, 'hash'> = plainHasher): Hash {
  return hasher.hash(domainKey('snapshot-chunk'), chunk);
}

/** The entries of one chunk with their keys in the tree. */
export type SnapshotChunk =
  /** Keys and records end to end, as {@link CoinState.load} takes them. */
  | { readonly map: 'coins'; readonly coins: Uint8Array }
  | { readonly map: 'storage'; readonly entries: readonly KeyedEntry[] };

/** A storage entry, as the tree takes it. */
export interface KeyedEntry {
  readonly key: Hash;
  readonly value: StorageEntry;
}

/** The keys of a chunk in their order. */
export function* chunkKeys(chunk: SnapshotChunk): Generator<Hash, void, undefined> {
  if (chunk.map === 'storage') {
    for (const { key } of chunk.entries) yield key;
    return;
  }
  for (let at = 0; at < chunk.coins.length; at += COIN_ENTRY_BYTES) yield chunk.coins.subarray(at, at + 32);
}

/** Whether the keys of a chunk ascend from one to the next, and come after `previous`. */
export function isAscending(chunk: SnapshotChunk, previous?: Hash): boolean {
  let last = previous;
  for (const key of chunkKeys(chunk)) {
    if (last !== undefined && compareBytes(last, key) >= 0) return false;
    last = key;
  }
  return true;
}

/** Reads exactly one chunk. Refuses by `codec/…`; the order of the entries is for the import to check. */
export function parseChunk(bytes: Uint8Array): Result<SnapshotChunk> {
  const reader = new Reader(bytes);
  const tag = reader.u8();
  if (tag > 1) reader.fail('codec/unknown-tag', { field: 'map of a chunk', got: tag });
  const count = reader.count(reader.u32(), SNAPSHOT_CHUNK_BYTES_MAX, 6);
  reader.canonical(count > 0, 'a chunk has entries');
  if (tag === 0) {
    const start = reader.offset;
    for (let i = 0; i < count && reader.failure === undefined; i++) skipCoinEntry(reader);
    // A copy, so that whoever takes the entries finds them aligned.
    return reader.finish({ map: 'coins', coins: reader.bytes.slice(start, reader.offset) });
  }
  const entries: KeyedEntry[] = [];
  while (entries.length < count && reader.failure === undefined) entries.push(readStorageEntry(reader));
  return reader.finish({ map: 'storage', entries });
}

function readStorageEntry(reader: Reader): KeyedEntry {
  const { namespace, key } = readStorageKey(reader);
  const value: StorageEntry = { namespace, key, value: readStorageValue(reader) };
  return { key: storageKey(namespace, key), value };
}

/** Reads a coin for what may be wrong with it, its two numbers, and makes no object: there are millions. */
function skipCoinEntry(reader: Reader): void {
  reader.skip(32);
  reader.u53();
  reader.u53();
  reader.skip(COIN_ENTRY_BYTES - 48);
}

/** Bytes of a storage entry in a chunk. */
export function storageEntryBytes({ key, value }: StorageEntry): number {
  return 6 + key.length + value.length;
}

/** The chunk of some coins, given as keys and records end to end. */
export function encodeCoinChunk(entries: Uint8Array): Uint8Array {
  const writer = new Writer(CHUNK_HEAD_BYTES + entries.length);
  return writer
    .u8(0)
    .u32(entries.length / COIN_ENTRY_BYTES)
    .bytes(entries)
    .finish();
}

/** The chunk of some storage entries, in the order of their keys in the tree. */
export function encodeStorageChunk(entries: readonly StorageEntry[]): Uint8Array {
  const writer = new Writer(4096).u8(1).u32(entries.length);
  for (const { namespace, key, value } of entries) {
    writeStorageKey(writer, namespace, key);
    writeStorageValue(writer, value);
  }
  const chunk = writer.finish();
  assert(chunk.length <= SNAPSHOT_CHUNK_BYTES_MAX, 'a chunk is not too long');
  return chunk;
}
