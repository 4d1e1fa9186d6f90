import type { Hash } from '../crypto/hash.ts';

/** What has been done for blocks that are sealed by work. */
export interface WorkDone {
  /** Hashes that were tried since the last report. */
  readonly attempts: number;
  /** The nonce that makes the hash small enough; undefined while there is none yet. */
  readonly nonce: Uint8Array | undefined;
}

/** Searches for the nonce of a block: on other threads of a real machine, in virtual time in a simulator. */
export interface Miner {
  /**
   * Searches until a nonce is found or another search begins, which takes the place of this one.
   *
   * @param message - what is hashed with the nonce ({@link workHash})
   * @param bits - the target in its short form; a valid one
   * @param report - called about once a second, and at last with the nonce; never after {@link stop} or another search
   */
  search(message: Hash, bits: number, report: (done: WorkDone) => void): void;
  /** Ends the search; nothing happens without one. */
  stop(): void;
}
