import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { cutOf, type SnapshotManifest, snapshotManifest } from './snapshot.ts';
import { chunkHash } from './snapshot-chunk.ts';
import { type SnapshotPiece, snapshotPieces } from './snapshot-cut.ts';
import { outlineOf, type SnapshotOutline } from './snapshot-outline.ts';
import { hashOf } from './state.testing.ts';
import type { WorldState } from './world-state.ts';

/** The block of {@link snapshotOf}. */
export const snapshotBlock = { height: 12, hash: hashOf(99) };

/** A snapshot of a state, as a whole. */
export interface TestSnapshot {
  readonly pieces: readonly SnapshotPiece[];
  readonly chunks: readonly Uint8Array[];
  readonly manifest: SnapshotManifest;
  readonly outline: SnapshotOutline;
}

/** All of a state's snapshot at once. */
export function snapshotOf(state: WorldState): TestSnapshot {
  const pieces = [...snapshotPieces(state)];
  const chunks = pieces.flatMap(({ chunk }) => chunk ?? []);
  const hashes = chunks.map((chunk) => chunkHash(chunk));
  const { height, hash } = snapshotBlock;
  return {
    pieces,
    chunks,
    manifest: snapshotManifest(state, snapshotBlock, hashes, cutOf(pieces)),
    outline: outlineOf({ height, blockId: hash }, pieces, createPlainHasher()),
  };
}
