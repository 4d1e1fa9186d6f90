import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { OK } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import { type Hash, hash, ZERO_HASH } from '../crypto/hash.ts';
import { KeyRange } from './key-range.ts';
import { refuseState } from './rules.ts';
import { chunkKeys, isAscending, parseChunk, SNAPSHOT_CHUNK_BYTES_MAX } from './snapshot-chunk.ts';
import { foldPieces, type PieceSize, SNAPSHOT_PIECES_MAX, type SnapshotPiece } from './snapshot-cut.ts';
import type { MapName } from './state-proof.ts';
import { subtreeHash } from './subtree-hash.ts';
import { combineRoots } from './world-state.ts';

/** Version of an outline. */
export const OUTLINE_VERSION = 1;

/** A piece with the hash of its subtree: zeros when it has no entries. */
export interface OutlinePiece extends PieceSize {
  readonly hash: Hash;
}

/**
 * What a snapshot is made of, for nodes that join: the pieces of both maps with the hashes of their subtrees. It proves
 * itself, for together these give the state root of a header ({@link verifyOutline}), and then each chunk alone
 * ({@link verifyPiece}): whoever sends a wrong byte is known at once.
 */
export interface SnapshotOutline {
  /** Of the block after which the state was taken. */
  readonly height: number;
  readonly blockId: Hash;
  readonly coins: readonly OutlinePiece[];
  readonly storage: readonly OutlinePiece[];
}

/** Where a chunk belongs: one piece of an outline that has entries. */
export interface ChunkPlace extends OutlinePiece {
  readonly map: MapName;
  /** The first key of its subtree. */
  readonly start: Hash;
}

/** The name of an outline, so that two nodes know that they speak of the same one. */
export function outlineId(bytes: Uint8Array): Hash {
  return hash('snapshot-outline', bytes);
}

/**
 * The canonical bytes: version u32, height u32, blockId 32, then for coins and for storage: pieceCount u32, and each
 * piece: depth u8, chunkBytes u32, and the hash of its subtree 32 unless chunkBytes is 0.
 */
export function encodeOutline(outline: SnapshotOutline): Uint8Array {
  const { height, blockId, coins, storage } = outline;
  const writer = new Writer(48 + 37 * (coins.length + storage.length));
  writer.u32(OUTLINE_VERSION).u32(height).hash(blockId);
  for (const pieces of [coins, storage]) {
    assert(pieces.length <= SNAPSHOT_PIECES_MAX, `${pieces.length} pieces are too many`);
    writer.u32(pieces.length);
    for (const piece of pieces) {
      writer.u8(piece.depth).u32(piece.bytes);
      if (piece.bytes > 0) writer.hash(piece.hash);
    }
  }
  return writer.finish();
}

/** Reads exactly one outline. Refuses by `state/snapshot-version` or `codec/…`; see also {@link verifyOutline}. */
export function parseOutline(bytes: Uint8Array): Result<SnapshotOutline> {
  const reader = new Reader(bytes);
  const version = reader.u32();
  if (reader.failure === undefined && version !== OUTLINE_VERSION) {
    return refuseState('state/snapshot-version', { got: version, expected: OUTLINE_VERSION });
  }
  const height = reader.u32();
  const blockId = reader.hash();
  return reader.finish({ height, blockId, coins: readPieces(reader), storage: readPieces(reader) });
}

function readPieces(reader: Reader): readonly OutlinePiece[] {
  const count = reader.count(reader.u32(), SNAPSHOT_PIECES_MAX, 5);
  const pieces: OutlinePiece[] = [];
  while (pieces.length < count && reader.failure === undefined) {
    const [depth, bytes] = [reader.u8(), reader.u32()];
    pieces.push({ depth, bytes, hash: bytes > 0 ? reader.hash() : ZERO_HASH });
  }
  return pieces;
}

/**
 * Whether an outline is the one of the state that a header commits to. Sizes of chunks are not proved by it: a chunk
 * that is right and has another size shows that the outline's sender lied.
 *
 * @returns `state/snapshot-cut`, `state/snapshot-root`
 */
export function verifyOutline({ coins, storage }: SnapshotOutline, stateRoot: Hash): Result<undefined> {
  const roots: Hash[] = [];
  for (const pieces of [coins, storage]) {
    const root = foldPieces(
      pieces,
      pieces.map((piece) => piece.hash),
    );
    if (!root.ok) return root;
    roots.push(root.value ?? ZERO_HASH);
  }
  const [coinsRoot, storageRoot] = roots as [Hash, Hash];
  return equalBytes(combineRoots(coinsRoot, storageRoot), stateRoot)
    ? OK
    : refuseState('state/snapshot-root');
}

/** The outline of a state, from its pieces; each is hashed in turn. */
export function outlineOf(
  block: Pick<SnapshotOutline, 'height' | 'blockId'>,
  pieces: Iterable<SnapshotPiece>,
  hasher: BatchHasher,
): SnapshotOutline {
  const outline = { ...block, coins: [] as OutlinePiece[], storage: [] as OutlinePiece[] };
  for (const { map, depth, chunk } of pieces) outline[map].push(outlinePiece(depth, chunk, hasher));
  return outline;
}

/** The piece of a chunk that this node has made itself. */
export function outlinePiece(
  depth: number,
  chunk: Uint8Array | undefined,
  hasher: BatchHasher,
): OutlinePiece {
  if (chunk === undefined) return { depth, bytes: 0, hash: ZERO_HASH };
  const parsed = parseChunk(chunk);
  assert(parsed.ok, 'an own chunk can be read');
  return { depth, bytes: chunk.length, hash: subtreeHash(parsed.value, depth, hasher) };
}

/** The places of all chunks in their order; the outline has been verified. */
export function chunkPlaces(outline: SnapshotOutline): readonly ChunkPlace[] {
  const places: ChunkPlace[] = [];
  for (const map of ['coins', 'storage'] as const) {
    const range = new KeyRange();
    for (const piece of outline[map]) {
      if (piece.bytes > 0) places.push({ ...piece, map, start: range.start });
      range.pass(piece.depth);
    }
  }
  return places;
}

/**
 * Whether a chunk from a stranger is the one of its place.
 *
 * @returns `state/snapshot-chunk-hash`, `state/snapshot-canonical` or `codec/…` when the chunk is not; when it is, and
 *   only its size is not the one that the outline says, `state/snapshot-chunk-size`: then the outline lies
 */
export function verifyPiece(bytes: Uint8Array, place: ChunkPlace, hasher: BatchHasher): Result<undefined> {
  if (bytes.length > SNAPSHOT_CHUNK_BYTES_MAX) {
    return refuseState('state/snapshot-chunk-hash', { bytes: bytes.length });
  }
  const parsed = parseChunk(bytes);
  if (!parsed.ok) return parsed;
  const chunk = parsed.value;
  const { map, depth, start, hash: expected } = place;
  if (chunk.map !== map || !isAscending(chunk)) {
    return refuseState('state/snapshot-canonical', { why: 'keys out of order, or of the other map' });
  }
  const range = new KeyRange(start);
  for (const key of chunkKeys(chunk)) {
    if (!range.has(key, depth))
      return refuseState('state/snapshot-canonical', { why: 'a key of another piece' });
  }
  if (!equalBytes(subtreeHash(chunk, depth, hasher), expected))
    return refuseState('state/snapshot-chunk-hash');
  if (bytes.length === place.bytes) return OK;
  return refuseState('state/snapshot-chunk-size', { got: bytes.length, expected: place.bytes });
}
