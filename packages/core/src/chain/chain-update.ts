import type { StoreBatch } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import type { BlockNode } from './block-tree.ts';

/** What one call did to the chain. */
export interface ChainUpdate {
  /**
   * `head`: the best branch changed. `side`: a block was kept beside it. `final`: the same head, but more is final.
   * `known`: nothing new.
   */
  readonly kind: 'head' | 'side' | 'final' | 'known';
  /** Blocks that left the best branch, the old head first. */
  readonly removed: readonly Block[];
  /** Blocks that joined it, oldest first. */
  readonly added: readonly Block[];
  /** Everything above as one atomic change of the store. The caller commits it, in the order of the updates. */
  readonly batch: StoreBatch;
  /** Blocks that became final, oldest first. */
  readonly finalised: readonly BlockNode[];
}

/** The update that changes nothing. */
export const NO_UPDATE: ChainUpdate = {
  kind: 'known',
  removed: [],
  added: [],
  batch: { puts: [], deletes: [] },
  finalised: [],
};
