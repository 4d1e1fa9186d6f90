import { equalBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Kernel } from '../state/kernel.ts';
import type { SnapshotManifest } from '../state/snapshot.ts';
import { SnapshotImport } from '../state/snapshot-import.ts';
import type { WorldState } from '../state/world-state.ts';
import type { CheckpointSlot } from './checkpoint-schedule.ts';
import { layout } from './layout.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { type CheckpointRecord, parseCheckpoint } from './records.ts';
import { refuseData } from './rules.ts';

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

/** The manifest of the checkpoint in a slot; undefined when that is not whole. */
export function readManifest(store: ReadStore, slot: number): SnapshotManifest | undefined {
  const record = readRecord(store, slot);
  return record?.kind === 'complete' ? record.manifest : undefined;
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

/**
 * The state of a checkpoint. Yields after each chunk.
 *
 * @returns `data/state-full` when there is no memory for it, `data/corrupt-record` when a chunk is missing or does not
 *   add up
 */
export function* loadCheckpoint(
  store: ReadStore,
  slot: number,
  manifest: SnapshotManifest,
  kernel: Kernel,
): Generator<CheckpointProgress, Result<WorldState>, undefined> {
  const { height, coinCount, chunkHashes } = manifest;
  const place = { record: 'checkpoint', slot, height };
  const snapshot = new SnapshotImport(manifest, kernel);
  const chunks = chunkHashes.length;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const bytes = store.get(layout.chunk(slot, chunk));
    if (bytes === undefined) return refuseData('data/corrupt-record', { ...place, chunk, why: 'missing' });
    const added = snapshot.add(bytes);
    if (!added.ok) {
      const why = added.error.rule;
      if (why === 'state/full') return refuseData('data/state-full', { coins: coinCount, height });
      return refuseData('data/corrupt-record', { ...place, chunk, why });
    }
    yield { chunk: chunk + 1, chunks };
  }
  const state = snapshot.finish();
  return state.ok ? state : refuseData('data/corrupt-record', { ...place, why: state.error.rule });
}

/** What is wrong with the records of the slots; one that is being written, or of another branch, is in order. */
export function checkSlots(store: ReadStore): readonly Refusal[] {
  return CHECKPOINT_SLOTS.flatMap((slot) => {
    const isThere = store.get(layout.checkpoint(slot)) !== undefined;
    if (!isThere || readRecord(store, slot) !== undefined) return [];
    return [refuseData('data/corrupt-record', { record: 'checkpoint', slot }).error];
  });
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
