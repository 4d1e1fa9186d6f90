import { equalBytes } from '../base/bytes.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Kernel } from '../state/kernel.ts';
import type { SnapshotManifest } from '../state/snapshot.ts';
import { SnapshotImport } from '../state/snapshot-import.ts';
import type { WorldState } from '../state/world-state.ts';
import type { CheckpointSlot } from './checkpoint-schedule.ts';
import { layout } from './layout.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { type CheckpointRecord, parseCheckpoint } from './records.ts';

/** Two, so that one is whole while the other is being replaced. */
export const CHECKPOINT_SLOTS = [0, 1] as const;

/** One step of loading a checkpoint. */
export interface CheckpointProgress {
  readonly chunk: number;
  readonly chunks: number;
}

/** What a slot says it holds. */
export function readSlot(store: ReadStore, slot: number): CheckpointSlot {
  const record = readRecord(store, slot);
  if (record?.kind !== 'complete') return { block: undefined, chunks: record?.chunks ?? 0 };
  const { blockHash, height, chunkHashes } = record.manifest;
  return { block: { id: blockHash, height }, chunks: chunkHashes.length };
}

/**
 * The manifests of whole checkpoints of the best branch up to a height, newest first. They are compared with the
 * headers; their chunks are not looked at.
 */
export function usableCheckpoints(
  store: ReadStore,
  heightMax: number,
): readonly { readonly slot: number; readonly manifest: SnapshotManifest }[] {
  const found: { slot: number; manifest: SnapshotManifest }[] = [];
  for (const slot of CHECKPOINT_SLOTS) {
    const record = readRecord(store, slot);
    if (record?.kind !== 'complete' || record.manifest.height > heightMax) continue;
    if (isOfBestBranch(store, record.manifest)) found.push({ slot, manifest: record.manifest });
  }
  return found.toSorted((a, b) => b.manifest.height - a.manifest.height);
}

/** The state of a checkpoint; undefined when a chunk is missing or does not add up. Yields after each chunk. */
export function* loadCheckpoint(
  store: ReadStore,
  slot: number,
  manifest: SnapshotManifest,
  kernel: Kernel,
): Generator<CheckpointProgress, WorldState | undefined, undefined> {
  const snapshot = new SnapshotImport(manifest, kernel);
  const chunks = manifest.chunkHashes.length;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const bytes = store.get(layout.chunk(slot, chunk));
    if (bytes === undefined || !snapshot.add(bytes).ok) return undefined;
    yield { chunk: chunk + 1, chunks };
  }
  const state = snapshot.finish();
  return state.ok ? state.value : undefined;
}

function isOfBestBranch(store: ReadStore, { height, blockHash, stateRoot }: SnapshotManifest): boolean {
  const id = readIdAt(store, height);
  if (id === undefined || !equalBytes(id, blockHash)) return false;
  const header = readHeaderOf(store, id);
  return header.ok && header.value.height === height && equalBytes(header.value.stateRoot, stateRoot);
}

function readRecord(store: ReadStore, slot: number): CheckpointRecord | undefined {
  const bytes = store.get(layout.checkpoint(slot));
  const parsed = bytes === undefined ? undefined : parseCheckpoint(bytes);
  return parsed?.ok === true ? parsed.value : undefined;
}
