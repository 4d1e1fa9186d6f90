import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import { refuseState } from './rules.ts';
import {
  foldPieces,
  type PieceSize,
  SNAPSHOT_PIECES_MAX,
  type SnapshotCut,
  type SnapshotPiece,
} from './snapshot-cut.ts';
import { treeSize } from './tree.ts';
import { stateRoot, type WorldState } from './world-state.ts';

/** Version of the manifest. */
export const SNAPSHOT_VERSION = 2;

/** The version before, whose chunks are as full as they can be, wherever that cuts the tree. */
const UNALIGNED_VERSION = 1;

/** Chunks of a snapshot: at least 16 GiB in all, about 190 million coins. */
export const SNAPSHOT_CHUNKS_MAX = 131_072;

/** What a checkpoint is of, and the hash of each of its chunks. */
export interface SnapshotManifest {
  /** Of the block after which the state was taken. */
  readonly height: number;
  readonly blockHash: Hash;
  readonly stateRoot: Hash;
  readonly coinCount: number;
  readonly storageCount: number;
  readonly chunkHashes: readonly Hash[];
  /** How the chunks lie in the trees; undefined in a manifest of version 1, where they do not. */
  readonly cut: SnapshotCut | undefined;
}

/** The manifest of a state whose pieces have been written and their chunks hashed in order. */
export function snapshotManifest(
  state: WorldState,
  block: { readonly height: number; readonly hash: Hash },
  chunkHashes: readonly Hash[],
  cut: SnapshotCut | undefined,
): SnapshotManifest {
  return {
    height: block.height,
    blockHash: block.hash,
    stateRoot: stateRoot(state),
    coinCount: state.coins.size,
    storageCount: treeSize(state.storage),
    chunkHashes,
    cut,
  };
}

/** How a state is cut, from its pieces. */
export function cutOf(pieces: readonly SnapshotPiece[]): SnapshotCut {
  const sizesOf = (wanted: SnapshotPiece['map']) =>
    pieces
      .filter(({ map }) => map === wanted)
      .map(({ depth, chunk }): PieceSize => ({ depth, bytes: chunk?.length ?? 0 }));
  return { coins: sizesOf('coins'), storage: sizesOf('storage') };
}

/**
 * The canonical bytes: version u32, height u32, blockHash 32, stateRoot 32, coinCount u64, storageCount u64,
 * chunkCount u32, the hashes; then, in version 2, for each of the two maps pieceCount u32 and its pieces: depth u8,
 * bytes u32.
 */
export function encodeManifest(manifest: SnapshotManifest): Uint8Array {
  const { chunkHashes, cut } = manifest;
  assert(chunkHashes.length <= SNAPSHOT_CHUNKS_MAX, `${chunkHashes.length} chunks are too many`);
  const writer = new Writer(100 + 37 * chunkHashes.length);
  writer.u32(cut === undefined ? UNALIGNED_VERSION : SNAPSHOT_VERSION);
  writer.u32(manifest.height).bytes(manifest.blockHash).bytes(manifest.stateRoot);
  writer.u53(manifest.coinCount).u53(manifest.storageCount).u32(chunkHashes.length);
  for (const chunk of chunkHashes) writer.bytes(chunk);
  if (cut === undefined) return writer.finish();
  for (const pieces of [cut.coins, cut.storage]) {
    assert(pieces.length <= SNAPSHOT_PIECES_MAX, `${pieces.length} pieces are too many`);
    writer.u32(pieces.length);
    for (const { depth, bytes } of pieces) writer.u8(depth).u32(bytes);
  }
  return writer.finish();
}

/**
 * Reads exactly one manifest of version 1 or 2. Refuses by `state/snapshot-version`, `state/snapshot-cut`, or by
 * `codec/…` what is not canonical.
 */
export function parseManifest(bytes: Uint8Array): Result<SnapshotManifest> {
  const reader = new Reader(bytes);
  const version = reader.u32();
  if (reader.failure === undefined && version !== SNAPSHOT_VERSION && version !== UNALIGNED_VERSION) {
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
  const cut =
    version === UNALIGNED_VERSION ? undefined : { coins: readPieces(reader), storage: readPieces(reader) };
  const manifest = { height, blockHash, stateRoot: root, coinCount, storageCount, chunkHashes, cut };
  const read = reader.finish(manifest);
  return read.ok && cut !== undefined ? checkCut(manifest, cut) : read;
}

function readPieces(reader: Reader): readonly PieceSize[] {
  const count = reader.count(reader.u32(), SNAPSHOT_PIECES_MAX, 5);
  const pieces: PieceSize[] = [];
  for (let i = 0; i < count; i++) pieces.push({ depth: reader.u8(), bytes: reader.u32() });
  return pieces;
}

function checkCut(manifest: SnapshotManifest, { coins, storage }: SnapshotCut): Result<SnapshotManifest> {
  for (const pieces of [coins, storage]) {
    const folded = foldPieces(pieces, undefined);
    if (!folded.ok) return folded;
  }
  const chunks = [...coins, ...storage].filter(({ bytes }) => bytes > 0).length;
  if (chunks === manifest.chunkHashes.length) return { ok: true, value: manifest };
  return refuseState('state/snapshot-cut', { got: chunks, expected: manifest.chunkHashes.length });
}
