/** What a node offers to others: bits of the features in its hello. A node ignores bits it does not know. */
export const FEATURES = {
  /** Gives every block from genesis on; one that has pruned does not. */
  blocks: 1,
  /** Passes transactions on. */
  transactions: 2,
  /** Takes new blocks as compact ones without being asked. */
  compactBlocks: 4,
  /** Gives snapshots of the state. */
  snapshots: 8,
} as const;
