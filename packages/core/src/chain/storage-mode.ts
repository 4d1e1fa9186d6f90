import type { Failure } from '../base/result.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { ChainLimits } from './limits.ts';
import type { PrunedRecord } from './records.ts';
import { refuseChain, refuseData } from './rules.ts';

/**
 * What a node keeps of blocks that are final. `full`: every block, and undo records for a window. `pruned`: the last
 * blocks only, at least so many, and undo records for a window. `archive`: everything, so that the state after any
 * block can be had again. Headers, the height index and the whole state are there in every mode.
 */
export type StorageMode =
  | { readonly kind: 'full' }
  | { readonly kind: 'pruned'; readonly blocks: number }
  | { readonly kind: 'archive' };

/**
 * The fewest blocks a pruned node may keep: those that may still be undone, as far as their number is known before, and
 * the window of undo records. Nothing that is not final is ever let go of.
 */
function pruneBlocksMin({ consensus: { finality } }: ChainSpec, { undoBlocks }: ChainLimits): number {
  return (finality.kind === 'depth' ? finality.blocks : 0) + undoBlocks;
}

/**
 * Why a store cannot be used in a mode; undefined when it can. What was deleted does not come back.
 *
 * @param isPastMissing - blocks are missing because they have not come yet
 */
export function checkMode(
  options: { readonly spec: ChainSpec; readonly mode: StorageMode; readonly limits: ChainLimits },
  pruned: PrunedRecord,
  isPastMissing = false,
): Failure | undefined {
  const { spec, mode, limits } = options;
  if (mode.kind === 'pruned') {
    const blocksMin = pruneBlocksMin(spec, limits);
    return mode.blocks >= blocksMin
      ? undefined
      : refuseChain('chain/prune-blocks', { got: mode.blocks, expected: blocksMin });
  }
  if (pruned.blocks > 0 && !isPastMissing)
    return refuseData('data/blocks-pruned', { mode: mode.kind, blocks: pruned.blocks });
  if (mode.kind === 'archive' && pruned.undo > 0) {
    return refuseData('data/undo-pruned', { mode: mode.kind, blocks: pruned.undo });
  }
  return undefined;
}
