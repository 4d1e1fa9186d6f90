import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { OK } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { StoreWrites } from '../ports/block-index.ts';
import type { Block } from '../primitives/block.ts';
import { historyIndex, readIndexed } from './history-index.ts';
import { refuseHistory } from './rules.ts';

/** The best branch, as the history reads it. */
export interface BestBranch {
  readonly headHeight: number;
  idAt(height: number): Hash | undefined;
  blockAt(height: number): Result<Block>;
}

/**
 * Brings a history that was switched off for a while, or never was on, up to the head: writes block by block into
 * `writes` and yields the height after each, so that the caller can commit what has come together and show progress.
 *
 * @returns `history/left-behind` when the history ends on a branch that was given up meanwhile, or what `blockAt`
 *   refuses
 */
export function* catchUpHistory(
  writes: StoreWrites,
  branch: BestBranch,
): Generator<number, Result<undefined>, undefined> {
  const indexed = readIndexed(writes);
  if (indexed !== undefined) {
    const id = branch.idAt(indexed.height);
    if (id === undefined || !equalBytes(id, indexed.id)) {
      return refuseHistory('history/left-behind', { height: indexed.height });
    }
  }
  for (let height = (indexed?.height ?? 0) + 1; height <= branch.headHeight; height++) {
    const block = branch.blockAt(height);
    if (!block.ok) return block;
    historyIndex.connect(writes, block.value);
    yield height;
  }
  return OK;
}
