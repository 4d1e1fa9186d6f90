import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { StoreBatch } from '../ports/store.ts';
import { chunkHash, snapshotChunks, snapshotManifest } from '../state/snapshot.ts';
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
  readonly #chunks: Generator<Uint8Array, void, undefined>;
  readonly #hashes: Hash[] = [];
  #isDone = false;

  constructor(job: CheckpointJob) {
    this.job = job;
    this.#chunks = snapshotChunks(job.state);
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
      const chunk = this.#chunks.next();
      if (chunk.done === true) return this.#finish(puts);
      puts.push([layout.chunk(slot, this.#hashes.length), chunk.value]);
      this.#hashes.push(chunkHash(chunk.value, this.job.hasher));
    }
    puts.push([layout.checkpoint(slot), encodeCheckpoint({ kind: 'writing', chunks: this.chunks })]);
    return { puts, deletes: [] };
  }

  #finish(puts: [Uint8Array, Uint8Array][]): StoreBatch {
    const { slot, state, block, chunksBefore } = this.job;
    const manifest = snapshotManifest(state, { height: block.height, hash: block.id }, this.#hashes);
    puts.push([layout.checkpoint(slot), encodeCheckpoint({ kind: 'complete', manifest })]);
    const deletes: Uint8Array[] = [];
    for (let chunk = this.#hashes.length; chunk < chunksBefore; chunk++)
      deletes.push(layout.chunk(slot, chunk));
    this.#isDone = true;
    return { puts, deletes };
  }
}
