/**
 * Changes of coins that visits of old states may go through in a second, and at once. Coins in a map go there and come
 * back, at about 2 µs for each way with its hashes: a fifth of a second in each second, at most.
 */
export const OLD_STATE_CHANGES_PER_SECOND = 50_000;

/**
 * What strangers' questions about old states may cost. A visit is let in while something is left, and pays afterwards
 * for the way it went, so that one that is far costs nothing but a pause until the next.
 */
export class OldStateBudget {
  #left = OLD_STATE_CHANGES_PER_SECOND;
  #atMs = 0;

  /** True when a visit may begin. */
  isOpen(nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    const earned = (elapsedMs * OLD_STATE_CHANGES_PER_SECOND) / 1000;
    this.#left = Math.min(OLD_STATE_CHANGES_PER_SECOND, this.#left + earned);
    return this.#left > 0;
  }

  /** Counts the changes that a visit went through. */
  pay(changes: number): void {
    this.#left -= changes;
  }
}
