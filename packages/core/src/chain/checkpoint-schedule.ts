import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import type { StoreBatch } from '../ports/store.ts';
import { COIN_ENTRY_BYTES } from '../state/coin-state.ts';
import { SNAPSHOT_CHUNK_BYTES_MAX } from '../state/snapshot-chunk.ts';
import type { WorldState } from '../state/world-state.ts';
import type { ChainParts } from './chain-parts.ts';
import { type CheckpointJob, CheckpointWriter } from './checkpoint-writer.ts';
import { bestStateOf } from './execute.ts';
import { readIdAt } from './read-block.ts';

/** The block after which the state of a checkpoint was taken. */
export interface CheckpointBlock {
  readonly id: Hash;
  readonly height: number;
}

/** What a slot of the store holds: a whole checkpoint of a block, or chunks that mean nothing. */
export interface CheckpointSlot {
  readonly block: CheckpointBlock | undefined;
  readonly chunks: number;
}

type PlannedCheckpoint = Pick<CheckpointJob, 'block' | 'state'>;

/** Decides when a checkpoint is due and which of the two slots it replaces. */
export class CheckpointSchedule {
  readonly #slots: CheckpointSlot[];
  #writer: CheckpointWriter | undefined;
  /** States that are held to be written once their blocks are final, lower ones first. */
  #planned: readonly PlannedCheckpoint[] = [];

  /** @param slots - what the store holds; always two, so that one is whole while the other is written */
  constructor(slots: readonly CheckpointSlot[]) {
    this.#slots = [...slots];
  }

  /** Notes a checkpoint that the chain begins with, whose chunks came from others. */
  adopt(slot: number, held: CheckpointSlot): void {
    assert(this.#writer === undefined && this.#planned.length === 0, 'nothing is being written');
    this.#slots[slot] = held;
  }

  /** Begins a checkpoint that has become due; batches of it to be written for this block, 0 when none is written. */
  plan(parts: ChainParts): number {
    this.#plan(parts);
    if (this.#writer === undefined) this.#beginDue(parts);
    if (this.#writer === undefined) return 0;
    const { state, chunksPerBatch } = this.#writer.job;
    const batches = chunksOf(state) / chunksPerBatch;
    return Math.max(1, Math.ceil(batches / parts.options.limits.checkpointSpreadBlocks));
  }

  /** The next batch of the checkpoint that is being written; undefined when none is. */
  next(): StoreBatch | undefined {
    const writer = this.#writer;
    const batch = writer?.next();
    if (writer === undefined || batch === undefined) return undefined;
    const { slot, block } = writer.job;
    this.#slots[slot] = { block: writer.isDone ? block : undefined, chunks: writer.chunks };
    if (writer.isDone) this.#writer = undefined;
    return batch;
  }

  /** All batches of a checkpoint of the head, for a clean stop; none when there is one already. */
  *atHead(parts: ChainParts): Generator<StoreBatch, void, undefined> {
    this.#writer = undefined;
    this.#planned = [];
    if (this.#newest(parts) === parts.tree.head.height) return;
    this.#begin(parts, parts.tree.head, parts.headState);
    yield* this.#rest();
  }

  /** The heights of the two checkpoints; -1 for one that is not whole, or not of the best branch any more. */
  heights(parts: Pick<ChainParts, 'store' | 'tree'>): readonly number[] {
    return this.#slots.map((slot) => usableHeight(parts, slot));
  }

  /** The block of the whole checkpoint in a slot. */
  held(slot: number): CheckpointBlock | undefined {
    return this.#slots[slot]?.block;
  }

  /** The newest whole checkpoint of a final block. */
  newestFinal(
    parts: Pick<ChainParts, 'store' | 'tree'>,
  ): { readonly slot: number; readonly block: CheckpointBlock } | undefined {
    const heights = this.heights(parts).map((height) => (height <= parts.tree.root.height ? height : -1));
    const slot = heights.indexOf(Math.max(...heights, 0));
    const block = this.#slots[slot]?.block;
    return block === undefined ? undefined : { slot, block };
  }

  /** Checkpoints of the last final block and of the head, so that every block before the first of them may go. */
  *both(parts: ChainParts): Generator<StoreBatch, void, undefined> {
    const { root, head } = parts.tree;
    this.#writer = undefined;
    const state = this.heights(parts).includes(root.height) ? undefined : bestStateOf(parts, root);
    if (state?.ok === true) this.#begin(parts, root, state.value);
    yield* this.#rest();
    if (Math.min(...this.heights(parts)) < root.height) this.#begin(parts, head, parts.headState);
    yield* this.#rest();
  }

  /** Height of the newest checkpoint of the best branch; genesis needs none, so 0 when there is none. */
  #newest(parts: ChainParts): number {
    return this.#slots.reduce((newest, slot) => Math.max(newest, usableHeight(parts, slot)), 0);
  }

  /**
   * Begins a checkpoint of a final block when one is due. To undo large blocks back to it may take seconds, so the
   * state is held from the time when its block is the head; only one that is kept anyway is taken later. Where votes
   * do not come, a block far behind the head has to do: states cannot be held for ever, and a restart would take ever
   * longer.
   */
  #beginDue(parts: ChainParts): void {
    const { root } = parts.tree;
    const dueHeight = Math.max(root.height, oldestHeld(parts));
    const due = this.#planned.findLast(({ block }) => block.height <= dueHeight);
    if (due !== undefined) return this.#begin(parts, due.block, due.state);
    if (root.height - this.#newest(parts) < parts.options.checkpointBlocks) return;
    const kept = root === parts.tree.head ? parts.headState : parts.states.get(root.id);
    if (kept !== undefined) this.#begin(parts, root, kept);
  }

  /**
   * Holds the state of the head when it reaches the next multiple of so many blocks, which nodes have in common: one
   * that joins by a snapshot can then take its parts from many of them.
   */
  #plan(parts: ChainParts): void {
    const { head } = parts.tree;
    this.#planned = this.#planned.filter(({ block }) => usableHeight(parts, { block, chunks: 0 }) !== -1);
    const last = this.#planned.at(-1)?.block.height ?? this.#writer?.job.block.height ?? this.#newest(parts);
    const { checkpointBlocks } = parts.options;
    if (Math.floor(head.height / checkpointBlocks) === Math.floor(last / checkpointBlocks)) return;
    this.#planned = [...this.#planned, { block: head, state: parts.headState }];
  }

  #begin(parts: ChainParts, block: CheckpointJob['block'], state: WorldState): void {
    this.#planned = this.#planned.filter((planned) => planned.block.height > block.height);
    const heights = this.heights(parts);
    const slot = worstOf(heights, parts.tree.root.height);
    const chunksBefore = this.#slots[slot]?.chunks ?? 0;
    const { hasher } = parts.kernel;
    const chunksPerBatch = parts.options.limits.checkpointChunksPerBatch;
    this.#writer = new CheckpointWriter({ slot, chunksBefore, chunksPerBatch, hasher, block, state });
  }

  *#rest(): Generator<StoreBatch, void, undefined> {
    for (let batch = this.next(); batch !== undefined; batch = this.next()) yield batch;
  }
}

/** The height up to which states wait no longer for votes; a branch that makes its blocks final by itself does so. */
function oldestHeld({ tree, consensus, options }: ChainParts): number {
  if (consensus.finality.createEngine === undefined) return 0;
  return tree.head.height - options.limits.checkpointHeldBlocks;
}

/** Chunks of a state, about: each is a subtree, and keys are spread evenly, so their number is a power of two. */
function chunksOf({ coins }: WorldState): number {
  const full = Math.ceil((coins.size * COIN_ENTRY_BYTES) / SNAPSHOT_CHUNK_BYTES_MAX);
  return full < 2 ? 1 : 2 ** (32 - Math.clz32(full - 1));
}

/**
 * The slot to write next: one of no use, else one whose block may still be undone, else the lower one; of two that may
 * both be undone the lower one too. So a checkpoint of a final block stays in the other one, and no reorganisation can
 * leave a store without any.
 */
function worstOf(heights: readonly number[], finalHeight: number): number {
  const useless = heights.indexOf(-1);
  if (useless !== -1) return useless;
  const undoable = heights.filter((height) => height > finalHeight);
  return heights.indexOf(Math.min(...(undoable.length > 0 ? undoable : heights)));
}

/** The height of a slot's block if that is on the best branch; -1 when the slot is of no use. */
function usableHeight(
  { store, tree }: Pick<ChainParts, 'store' | 'tree'>,
  { block }: CheckpointSlot,
): number {
  if (block === undefined) return -1;
  const { id, height } = block;
  const best = height > tree.root.height ? tree.bestAt(height)?.id : readIdAt(store, height);
  return best !== undefined && equalBytes(best, id) ? height : -1;
}
