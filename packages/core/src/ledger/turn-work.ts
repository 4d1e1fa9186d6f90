/** Work of a turn, in about the microseconds that it takes a core of a server of 2021. */
export const TURN_WORK = 6000;

/**
 * What the parts of a block take in the same unit: estimates, for chains of a million coins in the map of the kernel.
 * They say where a long block is cut, and nothing else.
 */
export const WORK = {
  /** A coin that is spent or made. */
  write: 0.2,
  /** A transaction that is not applied in place, beside its coins. */
  transaction: 15,
  /** A candidate for a block: made flat, hashed. */
  candidate: 0.5,
  /** A coin that is spent or made: put in order, with its share of the undo record. */
  order: 0.15,
  /** A changed coin: written into the map. */
  change: 0.15,
  /** A changed coin: its share of the tree's hashes. */
  hash: 0.7,
} as const;

/** Divides long work into the shares of turns by counting: core has no clock, and the same work is cut the same way. */
export class TurnWork {
  readonly #share: number;
  #left: number;

  /** @param share - of a turn, above 0; the usual one when left out */
  constructor(share = TURN_WORK) {
    this.#share = share;
    this.#left = share;
  }

  /** What the turn has left. */
  get left(): number {
    return this.#left;
  }

  /** Counts work that was done. True when that was the turn's share: the rest belongs to the next one. */
  did(work: number): boolean {
    this.#left -= work;
    return this.#left <= 0 && this.#renew();
  }

  /** True when the next piece of work is more than the turn has left, and belongs to the next one. */
  lacks(work: number): boolean {
    return work > this.#left && this.#renew();
  }

  #renew(): true {
    this.#left = this.#share;
    return true;
  }
}
