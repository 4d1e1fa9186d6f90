import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { StoreBatch } from '../ports/store.ts';
import { snapshotManifest } from '../state/snapshot.ts';
import { chunkHash } from '../state/snapshot-chunk.ts';
import { type PieceSize, type SnapshotPiece, snapshotPieces } from '../state/snapshot-cut.ts';
import type { WorldState } from '../state/world-state.ts';
import { layout } from './layout.ts';
import { encodeCheckpoint } from './records.ts';

/** What a checkpoint is written to, and of. */
export interface CheckpointJob {
  readonly slot: number;
  /** Chunks that an older checkpoint may have left in the slot. */
  readonly chunksBefore: number;
  readonly chunksPerBatch: number;
  readonly hasher: BatchHasher;
  readonly block: { readonly id: Hash; readonly height: number };
  /** After the block. */
  readonly state: WorldState;
}

/**
 * Writes a checkpoint as a sequence of batches. The first one says that the slot holds nothing usable, the last one
 * names all chunks, so a checkpoint that was torn in between is never taken for a whole one.
 */
export class CheckpointWriter {
  readonly job: CheckpointJob;
  readonly #pieces: Generator<SnapshotPiece, void, undefined>;
  readonly #hashes: Hash[] = [];
  readonly #cut: { readonly coins: PieceSize[]; readonly storage: PieceSize[] } = { coins: [], storage: [] };
  #isDone = false;

  constructor(job: CheckpointJob) {
    this.job = job;
    this.#pieces = snapshotPieces(job.state);
  }

  /** True when the last batch has been given out. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Chunks that are in the slot when all batches so far are in the store. */
  get chunks(): number {
    return this.#isDone ? this.#hashes.length : Math.max(this.job.chunksBefore, this.#hashes.length);
  }

  /** The next batch; undefined after the last one. */
  next(): StoreBatch | undefined {
    if (this.#isDone) return undefined;
    const { slot } = this.job;
    const puts: [Uint8Array, Uint8Array][] = [];
    while (puts.length < this.job.chunksPerBatch) {
      const piece = this.#pieces.next();
      if (piece.done === true) return this.#finish(puts);
      const { map, depth, chunk } = piece.value;
      this.#cut[map].push({ depth, bytes: chunk?.length ?? 0 });
      if (chunk === undefined) continue;
      puts.push([layout.chunk(slot, this.#hashes.length), chunk]);
      this.#hashes.push(chunkHash(chunk, this.job.hasher));
    }
    puts.push([layout.checkpoint(slot), encodeCheckpoint({ kind: 'writing', chunks: this.chunks })]);
    return { puts, deletes: [] };
  }

  #finish(puts: [Uint8Array, Uint8Array][]): StoreBatch {
    const { slot, state, block, chunksBefore } = this.job;
    const of = { height: block.height, hash: block.id };
    const manifest = snapshotManifest(state, of, this.#hashes, this.#cut);
    puts.push([layout.checkpoint(slot), encodeCheckpoint({ kind: 'complete', manifest })]);
    const deletes: Uint8Array[] = [];
    for (let chunk = this.#hashes.length; chunk < chunksBefore; chunk++)
      deletes.push(layout.chunk(slot, chunk));
    this.#isDone = true;
    return { puts, deletes };
  }
}
