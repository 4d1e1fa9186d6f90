import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import type { CoinMap } from './coin-map.ts';
import { emptyState, emptyStateOver, type WorldState } from './world-state.ts';

/** What a chain spends its time in, beside signatures. Whatever stands behind it, the results are equal. */
export interface Kernel {
  readonly hasher: BatchHasher;
  /** A state of no entries, with room of its own for what will be in it. */
  emptyState(): WorldState;
}

/** All in TypeScript over the reference tree: old states cost nothing to read, and chains share what is equal. */
export const plainKernel: Kernel = { hasher: createPlainHasher(), emptyState: () => emptyState };

/**
 * A kernel whose states keep their coins in maps that change in place.
 *
 * @param seed - 32 bytes that strangers cannot guess; only the speed of a block made to collide depends on them
 */
export function mapKernel(hasher: BatchHasher, createCoinMap: () => CoinMap, seed?: Hash): Kernel {
  return { hasher, emptyState: () => emptyStateOver(createCoinMap(), seed) };
}
