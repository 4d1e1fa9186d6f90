import { assert } from '../base/assert.ts';
import type { ChainUpdate } from '../chain/chain.ts';
import { StagedBatch } from '../chain/staged-batch.ts';
import { connectInPieces } from '../history/history-index.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';

/** A block on its way into the history. */
interface Staged {
  readonly writes: StagedBatch;
  readonly pieces: Generator<void, void, undefined>;
}

/**
 * Adds blocks to the history after the chain has taken them, in pieces of bounded work and one batch for each block.
 * The chain's own batches take out of the history what leaves the best branch ({@link trailingHistoryIndex}), so the
 * history always ends on the best branch, at the block before the first one that waits here.
 */
export class HistoryFollower {
  readonly #store: ReadStore;
  readonly #pieceRecords: number | undefined;
  /** Blocks that are not in the history yet, lowest first. */
  readonly #blocks: Block[] = [];
  #staged: Staged | undefined;

  /**
   * @param store - shows every batch that was handed out in earlier steps; its history ends at the head
   * @param pieceRecords - see {@link connectInPieces}
   */
  constructor(store: ReadStore, pieceRecords?: number) {
    this.#store = store;
    this.#pieceRecords = pieceRecords;
  }

  /** Blocks that wait, the one in work included. */
  get length(): number {
    return this.#blocks.length;
  }

  /** Takes what joined the best branch, and lets go of what left it again before its turn came. */
  add({ removed, added }: Pick<ChainUpdate, 'removed' | 'added'>): void {
    const taken = Math.min(removed.length, this.#blocks.length);
    if (taken > 0 && taken === this.#blocks.length) this.#staged = undefined;
    this.#blocks.length -= taken;
    for (const block of added) this.#blocks.push(block);
  }

  /**
   * Does the next piece of work; only while blocks wait.
   *
   * @returns records that it has written, and the batch to commit when a block is complete
   */
  next(): { readonly records: number; readonly batch: StoreBatch | undefined } {
    const [block] = this.#blocks;
    assert(block !== undefined, 'a block waits for the history');
    this.#staged ??= this.#stage(block);
    const { writes, pieces } = this.#staged;
    const before = writes.size;
    if (pieces.next().done !== true) return { records: writes.size - before, batch: undefined };
    this.#staged = undefined;
    this.#blocks.shift();
    return { records: writes.size - before, batch: writes.finish() };
  }

  #stage(block: Block): Staged {
    const writes = new StagedBatch(this.#store);
    return { writes, pieces: connectInPieces(writes, block, this.#pieceRecords) };
  }
}
