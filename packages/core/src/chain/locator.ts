import { equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ReadStore } from '../ports/store.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';

/** Ids of a locator, and ids given in one answer. 42 are enough for the highest height there can be. */
export const LOCATOR_IDS_MAX = 100;

/** Heights that a locator names without gaps, from the head down. */
const DENSE_HEIGHTS = 10;

/**
 * The heights a locator names, head first: the last ten, then with gaps that double, then genesis. Two nodes find
 * their last common block with one message, at most twice as far back as it really is.
 *
 * @see https://en.bitcoin.it/wiki/Protocol_documentation#getblocks
 */
export function locatorHeights(headHeight: number): readonly number[] {
  const heights: number[] = [];
  let step = 1;
  for (let height = headHeight; height > 0; height -= step) {
    heights.push(height);
    if (heights.length >= DENSE_HEIGHTS) step *= 2;
  }
  heights.push(0);
  return heights;
}

/** The ids of the best branch up to `headHeight` that tell another node where this one is. */
export function createLocator(store: ReadStore, headHeight: number): readonly Hash[] {
  return locatorHeights(headHeight).flatMap((height) => readIdAt(store, height) ?? []);
}

/** A block of the best branch. */
export interface BranchPoint {
  readonly id: Hash;
  readonly height: number;
}

/**
 * The first block of a stranger's locator that is on the best branch; undefined when there is none, so that the other
 * node is on another chain. Looks at {@link LOCATOR_IDS_MAX} ids at most.
 */
export function lastCommonAncestor(
  store: ReadStore,
  headHeight: number,
  locator: readonly Hash[],
): BranchPoint | undefined {
  for (const id of locator.slice(0, LOCATOR_IDS_MAX)) {
    const header = readHeaderOf(store, id);
    if (!header.ok) continue;
    const { height } = header.value;
    // Headers that were taken ahead of a snapshot are not part of the branch yet.
    const best = height <= headHeight ? readIdAt(store, height) : undefined;
    if (best !== undefined && equalBytes(best, id)) return { id, height };
  }
  return undefined;
}

/** The ids of the best branch above a height, oldest first; at most `limit`, itself at most {@link LOCATOR_IDS_MAX}. */
export function idsAfter(
  store: ReadStore,
  headHeight: number,
  height: number,
  limit = LOCATOR_IDS_MAX,
): readonly Hash[] {
  const ids: Hash[] = [];
  const count = Math.min(limit, LOCATOR_IDS_MAX, headHeight - height);
  while (ids.length < count) {
    const id = readIdAt(store, height + ids.length + 1);
    if (id === undefined) break;
    ids.push(id);
  }
  return ids;
}
