import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { domainKey, type Hash } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { COIN_ENTRY_BYTES } from './coin-state.ts';
import { refuseState } from './rules.ts';
import {
  readStorageKey,
  readStorageValue,
  type StorageEntry,
  storageKey,
  writeStorageKey,
  writeStorageValue,
} from './storage.ts';
import { treeLeaves, treeSize } from './tree.ts';
import { stateRoot, type WorldState } from './world-state.ts';

/** Version of the manifest and of the chunks. */
export const SNAPSHOT_VERSION = 1;

/** Bytes of a chunk: one message, and what a peer can make a node hold before its hash is checked. */
export const SNAPSHOT_CHUNK_BYTES_MAX = 262_144;

/** Chunks of a snapshot: 16 GiB in all, about 190 million coins; the manifest stays near 2 MiB. */
export const SNAPSHOT_CHUNKS_MAX = 65_536;

/** What a snapshot is of, and the hash of each of its chunks. */
export interface SnapshotManifest {
  /** Of the block after which the state was taken. */
  readonly height: number;
  readonly blockHash: Hash;
  readonly stateRoot: Hash;
  readonly coinCount: number;
  readonly storageCount: number;
  readonly chunkHashes: readonly Hash[];
}

/** Bytes before the entries of a chunk: map u8 (0 coins, 1 storage), count u32. */
export const CHUNK_HEAD_BYTES = 5;

const plainHasher = createPlainHasher();

/** Coins in a full chunk. */
const COINS_PER_CHUNK = Math.floor((SNAPSHOT_CHUNK_BYTES_MAX - CHUNK_HEAD_BYTES) / COIN_ENTRY_BYTES);

/**
 * The state as chunks of at most {@link SNAPSHOT_CHUNK_BYTES_MAX} bytes: all coins in the order of their keys, then
 * all storage entries in the order of theirs, each chunk as full as it can be. The same state gives the same chunks
 * on every node. A generator, so that the caller can spread the work; the state cannot change meanwhile.
 */
export function* snapshotChunks(state: WorldState): Generator<Uint8Array, void, undefined> {
  for (const entries of state.coins.entries(COINS_PER_CHUNK)) yield coinChunk(entries);
  let chunk = new ChunkWriter();
  for (const { value: entry } of treeLeaves(state.storage)) {
    if (!chunk.fits(storageEntryBytes(entry))) {
      yield chunk.finish();
      chunk = new ChunkWriter();
    }
    const writer = chunk.entry();
    writeStorageKey(writer, entry.namespace, entry.key);
    writeStorageValue(writer, entry.value);
  }
  if (chunk.count > 0) yield chunk.finish();
}

/** The hash by which a manifest names a chunk. */
export function chunkHash(chunk: Uint8Array, hasher: Pick<BatchHasher, 'hash'> = plainHasher): Hash {
  return hasher.hash(domainKey('snapshot-chunk'), chunk);
}

/** The manifest of a state whose chunks have been hashed in order. */
export function snapshotManifest(
  state: WorldState,
  block: { readonly height: number; readonly hash: Hash },
  chunkHashes: readonly Hash[],
): SnapshotManifest {
  return {
    height: block.height,
    blockHash: block.hash,
    stateRoot: stateRoot(state),
    coinCount: state.coins.size,
    storageCount: treeSize(state.storage),
    chunkHashes,
  };
}

/**
 * The canonical bytes: version u32, height u32, blockHash 32, stateRoot 32, coinCount u64, storageCount u64,
 * chunkCount u32, the hashes.
 */
export function encodeManifest(manifest: SnapshotManifest): Uint8Array {
  const { chunkHashes } = manifest;
  assert(chunkHashes.length <= SNAPSHOT_CHUNKS_MAX, `${chunkHashes.length} chunks are too many`);
  const writer = new Writer(92 + 32 * chunkHashes.length);
  writer.u32(SNAPSHOT_VERSION).u32(manifest.height).bytes(manifest.blockHash).bytes(manifest.stateRoot);
  writer.u53(manifest.coinCount).u53(manifest.storageCount).u32(chunkHashes.length);
  for (const chunk of chunkHashes) writer.bytes(chunk);
  return writer.finish();
}

/** Reads exactly one manifest. Refuses by `state/snapshot-version`, or by `codec/…` what is not canonical. */
export function parseManifest(bytes: Uint8Array): Result<SnapshotManifest> {
  const reader = new Reader(bytes);
  const version = reader.u32();
  if (reader.failure === undefined && version !== SNAPSHOT_VERSION) {
    return refuseState('state/snapshot-version', { got: version, expected: SNAPSHOT_VERSION });
  }
  const height = reader.u32();
  const blockHash = reader.hash();
  const root = reader.hash();
  const coinCount = reader.u53();
  const storageCount = reader.u53();
  const chunkCount = reader.count(reader.u32(), SNAPSHOT_CHUNKS_MAX, 32);
  const chunkHashes: Hash[] = [];
  for (let i = 0; i < chunkCount; i++) chunkHashes.push(reader.hash());
  return reader.finish({ height, blockHash, stateRoot: root, coinCount, storageCount, chunkHashes });
}

/** The entries of one chunk with their keys in the tree; `firstBytes` is the size of the first one. */
export type SnapshotChunk =
  /** Keys and records end to end, as {@link CoinState.load} takes them. */
  | { readonly map: 'coins'; readonly coins: Uint8Array; readonly firstBytes: number }
  | { readonly map: 'storage'; readonly entries: readonly KeyedEntry[]; readonly firstBytes: number };

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
    return reader.finish({
      map: 'coins',
      coins: reader.bytes.slice(start, reader.offset),
      firstBytes: COIN_ENTRY_BYTES,
    });
  }
  const entries: KeyedEntry[] = [];
  while (entries.length < count && reader.failure === undefined) entries.push(readStorageEntry(reader));
  const first = entries[0]?.value;
  return reader.finish({ map: 'storage', entries, firstBytes: first ? storageEntryBytes(first) : 0 });
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

function storageEntryBytes({ key, value }: StorageEntry): number {
  return 6 + key.length + value.length;
}

function coinChunk(entries: Uint8Array): Uint8Array {
  const writer = new Writer(CHUNK_HEAD_BYTES + entries.length);
  return writer
    .u8(0)
    .u32(entries.length / COIN_ENTRY_BYTES)
    .bytes(entries)
    .finish();
}

/** Collects storage entries and puts the head before them. */
class ChunkWriter {
  readonly #entries = new Writer(4096);
  /** Entries so far. */
  count = 0;

  fits(entryBytes: number): boolean {
    return CHUNK_HEAD_BYTES + this.#entries.length + entryBytes <= SNAPSHOT_CHUNK_BYTES_MAX;
  }

  /** Where to write the next entry. */
  entry(): Writer {
    this.count++;
    return this.#entries;
  }

  finish(): Uint8Array {
    const length = CHUNK_HEAD_BYTES + this.#entries.length;
    return new Writer(length).u8(1).u32(this.count).bytes(this.#entries.finish()).finish();
  }
}
