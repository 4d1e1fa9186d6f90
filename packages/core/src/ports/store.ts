import type { Refusal } from '../base/result.ts';

/**
 * Changes that reach the disk together or not at all. Deletes come first, then puts in order, so a key that is in
 * both is there afterwards. Keys are 1 to {@link STORE_LIMITS.keyBytesMax} bytes and do not start with 0xff: those
 * belong to the adapter. Values may be empty. Nobody changes the arrays after they have been handed over.
 */
export interface StoreBatch {
  readonly puts: readonly (readonly [key: Uint8Array, value: Uint8Array])[];
  readonly deletes: readonly Uint8Array[];
}

/** Reads of one value, at once. */
export interface ReadStore {
  /**
   * The value of a key, or undefined. Sees every batch that was handed to {@link Store.commit}, also before it is
   * on disk. The caller must not write to the array.
   *
   * @throws an error of the adapter when what is on disk is damaged; the edge stops the node on it
   */
  get(key: Uint8Array): Uint8Array | undefined;
}

/** Why a batch did not reach the disk. From then on every later batch of this store fails too. */
export type StoreFailure = Refusal;

/**
 * A durable ordered map of bytes. Batches are applied one after the other in the order in which they were given;
 * a batch that was acknowledged is found again after a crash, and so is everything before it.
 */
export interface Store extends ReadStore {
  /**
   * Writes a batch. `done` is called exactly once, in the order of the commits, possibly before `commit` returns:
   * without an argument when the batch is safely on disk, with the failure otherwise.
   */
  commit(batch: StoreBatch, done: (failure?: StoreFailure) => void): void;
}

/** Bounds of a batch. A block, its undo record and an index entry per transaction are far below each of them. */
export const STORE_LIMITS = {
  /** LevelDB keeps whole keys in its index, so long keys would cost memory. */
  keyBytesMax: 256,
  /** Eight times the largest block. */
  valueBytesMax: 64 * 1024 * 1024,
  batchEntriesMax: 1_000_000,
  /** Commits that are not acknowledged yet. The node takes no block long before (`COMMITS_WAITING_MAX`). */
  pendingCommitsMax: 1024,
} as const;
