import { toHex } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { StoreWrites } from '../ports/block-index.ts';
import type { ReadStore, StoreBatch } from '../ports/store.ts';
import type { ChainParts } from './chain-parts.ts';
import { layout } from './layout.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { encodePruned, type HeadRecord, type PrunedRecord, parsePruned } from './records.ts';
import { refuseData } from './rules.ts';
import { StagedBatch } from './staged-batch.ts';

/** One batch of a pruning that was asked for. */
export interface PruneStep {
  readonly batch: StoreBatch;
  /** Heights that have been dealt with, and those there are. */
  readonly done: number;
  readonly total: number;
}

/**
 * Deletes what the mode of the chain lets go of, and notes how far that is; part of the batch that moves the head, so
 * the note is never wrong. At most `limits.prunedBlocksPerBatch` heights at a time: a chain that changes to a thriftier
 * mode gets there little by little.
 *
 * @returns true when something was deleted
 */
export function prune(parts: ChainParts, writes: StoreWrites): boolean {
  const { pruned, options } = parts;
  const target = pruneTarget(parts);
  const { prunedBlocksPerBatch: most } = options.limits;
  const next: PrunedRecord = {
    blocks: Math.min(target.blocks, pruned.blocks + most),
    undo: Math.min(target.undo, pruned.undo + most),
  };
  if (next.blocks === pruned.blocks && next.undo === pruned.undo) return false;
  for (const id of idsBetween(writes, pruned.undo, next.undo)) writes.delete(layout.undo(id));
  for (const id of idsBetween(writes, pruned.blocks, next.blocks)) {
    writes.delete(layout.block(id));
    writes.delete(layout.receipts(id));
  }
  writes.put(layout.pruned, encodePruned(next));
  parts.pruned = next;
  return true;
}

/** True when the mode would let blocks go, were there checkpoints that stand for them. */
export function hasOldBlocks({ options, tree, pruned }: ChainParts): boolean {
  const { mode } = options;
  return mode.kind === 'pruned' && Math.min(tree.head.height - mode.blocks, tree.root.height) > pruned.blocks;
}

/** Everything that the mode lets go of, batch by batch; each stands for itself, so it can end after any of them. */
export function* pruneAll(parts: ChainParts): Generator<PruneStep, void, undefined> {
  const target = pruneTarget(parts);
  const start = sum(parts.pruned);
  const total = sum(target) - start;
  for (;;) {
    const writes = new StagedBatch(parts.store);
    if (!prune(parts, writes)) return;
    yield { batch: writes.finish(), done: sum(parts.pruned) - start, total };
  }
}

/**
 * The heights up to which the mode needs nothing. It never gives back what was pruned: a target only grows.
 */
function pruneTarget(parts: ChainParts): PrunedRecord {
  const { options, tree, pruned } = parts;
  const { mode, limits } = options;
  const undo = mode.kind === 'archive' ? 0 : tree.root.height - limits.undoBlocks;
  const blocks = mode.kind === 'pruned' ? Math.min(tree.head.height - mode.blocks, replaceable(parts)) : 0;
  return { blocks: Math.max(pruned.blocks, blocks), undo: Math.max(pruned.undo, undo) };
}

/**
 * The height up to which checkpoints stand for blocks: that of the lower one of two whole ones, as the newer one may
 * turn out damaged. It must be final, or a reorganisation could take both away. While one of the two is written anew
 * the height stays what it was, as long as the other is of a final block.
 */
function replaceable(parts: ChainParts): number {
  const heights = parts.checkpoints.heights(parts);
  const final = parts.tree.root.height;
  const lower = Math.min(...heights);
  if (lower >= 0 && lower <= final) parts.coveredHeight = lower;
  return heights.some((height) => height >= parts.coveredHeight && height <= final) ? parts.coveredHeight : 0;
}

function* idsBetween(store: ReadStore, after: number, upTo: number): Generator<Hash, void, undefined> {
  for (let height = after + 1; height <= upTo; height++) {
    const id = readIdAt(store, height);
    // Without the id nothing can be found; a hole in the index is for the reader of that height to report.
    if (id !== undefined) yield id;
  }
}

function sum({ blocks, undo }: PrunedRecord): number {
  return blocks + undo;
}

/**
 * How far a store has been pruned. One without the record is from before there was any pruning of blocks: undo records
 * were then kept either all or for blocks that are not final. Refuses by `data/corrupt-record`.
 */
export function readPruned(store: ReadStore, head: HeadRecord): Result<PrunedRecord> {
  const bytes = store.get(layout.pruned);
  if (bytes === undefined) {
    const first = readIdAt(store, 1);
    const hasAll = first === undefined || store.get(layout.undo(first)) !== undefined;
    return ok({ blocks: 0, undo: hasAll ? 0 : head.finalHeight });
  }
  const parsed = parsePruned(bytes);
  const fits = parsed.ok && Math.max(parsed.value.blocks, parsed.value.undo) <= head.height;
  return fits ? parsed : refuseData('data/corrupt-record', { record: 'pruned' });
}

/** The same refusal, or `data/pruned` when the block is one that this store has let go of on purpose. */
export function explainMissing({ store, pruned }: ChainParts, id: Hash, failure: Failure): Failure {
  if (failure.error.rule !== 'data/missing-block') return failure;
  const header = readHeaderOf(store, id);
  if (!header.ok || header.value.height === 0 || header.value.height > pruned.blocks) return failure;
  const { height } = header.value;
  return refuseData('data/pruned', { got: height, expected: pruned.blocks + 1, id: toHex(id) });
}
