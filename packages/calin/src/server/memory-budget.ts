/** Who holds memory of a {@link MemoryBudget}, and can be made to let go of it. */
export interface Holder {
  readonly heldBytes: number;
  /** Ends the holder; what it held is given back at once. */
  drop(): void;
}

/**
 * The memory that many connections share. Each may use more than its part while there is enough; when there is not,
 * the one that holds most has to go, so that a few who read slowly or send without end cost bounded memory and nobody
 * else.
 */
export class MemoryBudget {
  readonly #bytesMax: number;
  readonly #holders = new Set<Holder>();
  #heldBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes that all holders together have. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes in a holder, which has nothing yet. */
  enter(holder: Holder): void {
    this.#holders.add(holder);
  }

  /** Forgets a holder and gives back what it has. */
  leave(holder: Holder): void {
    if (this.#holders.delete(holder)) this.#heldBytes -= holder.heldBytes;
  }

  /** Notes that a holder has so many bytes more, or fewer; it counts them in its `heldBytes` before the call. */
  note(bytes: number): void {
    this.#heldBytes += bytes;
    while (this.#heldBytes > this.#bytesMax && this.#holders.size > 0) {
      let most: Holder | undefined;
      for (const holder of this.#holders) if (holder.heldBytes > (most?.heldBytes ?? -1)) most = holder;
      most?.drop();
    }
  }
}
