import type { Hash } from '../crypto/hash.ts';
import type { TreeProof } from './proof.ts';

/** Words of 32 bits in the key of a coin: its 32 bytes, little-endian. */
export const COIN_KEY_WORDS = 8;

/** Words in the record of a coin: its 56 bytes (see {@link encodeCoin}), little-endian. */
export const COIN_RECORD_WORDS = 14;

/** Words of a coin with its key: the key, then the record. */
export const COIN_ENTRY_WORDS = COIN_KEY_WORDS + COIN_RECORD_WORDS;

/**
 * The coins with the tree over them, changed in place. Everything is in words, so that the hot path makes no object
 * per coin. The root is that of the reference tree (state/tree.ts) over the same coins. Two implementations: the twin
 * over the reference tree, and the kernel's.
 */
export interface CoinMap {
  /** Coins in the map. */
  readonly size: number;

  /**
   * Looks up many keys at once.
   *
   * @param keys - {@link COIN_KEY_WORDS} words each
   * @param records - receives {@link COIN_RECORD_WORDS} words each; all zero for a key that is not there, which no coin
   *   is, for its amount is 1 or more
   */
  find(keys: Int32Array, count: number, records: Int32Array): void;

  /**
   * Removes coins, then adds coins. The caller has made room ({@link reserve}) and knows that each removed key is there
   * and that no added one is.
   *
   * @throws AssertionError when one is not; the map can no longer be used then
   */
  update(changes: CoinMapChanges): void;

  /** Makes room for so many more coins. False, and no change, when there is no memory for them. */
  reserve(more: number): boolean;

  /**
   * Does some of the hashing that {@link root} would do.
   *
   * @param partsMax - about how many changed coins it is done for; at least 1
   * @returns false while some is left
   */
  refresh(partsMax: number): boolean;

  /** The root of the tree; zeros for none. What has changed since the last call is hashed now. */
  root(): Hash;

  /** The proof that a key is, or is not, there. */
  prove(key: Hash): TreeProof;

  /**
   * Reads coins in the order of their keys.
   *
   * @param from - the first key that may come, {@link COIN_KEY_WORDS} words; none is left out
   * @param entries - receives {@link COIN_ENTRY_WORDS} words each
   * @returns how many were read; fewer than `countMax` only at the end of the map
   */
  scan(from: Int32Array, countMax: number, entries: Int32Array): number;
}

/** Coins that leave and coins that join. */
export interface CoinMapChanges {
  /** {@link COIN_KEY_WORDS} words each. */
  readonly removed: Int32Array;
  readonly removedCount: number;
  /** {@link COIN_ENTRY_WORDS} words each. */
  readonly added: Int32Array;
  readonly addedCount: number;
}
