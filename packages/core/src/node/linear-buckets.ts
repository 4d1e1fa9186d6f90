/** Buckets in one piece of memory. */
const PIECE_BITS = 14;
const PIECE_MASK = (1 << PIECE_BITS) - 1;

/** Items for each bucket; more make walks longer, fewer take more memory. */
const LOAD = 1.5;

/**
 * The buckets of a hash table that grows one bucket at a time, so that no addition ever waits for a large copy: linear
 * hashing (Litwin, "Linear hashing: a new tool for file and table addressing", 1980). Each holds one word, 0 at first:
 * where the chain of its items begins, which is the owner's matter.
 */
export class LinearBuckets {
  readonly #pieces: Int32Array[] = [new Int32Array(PIECE_MASK + 1)];
  /** A power of two: buckets at the beginning of this round of splitting. */
  #round = 1;
  #count = 1;

  /** Bytes of memory that they take. */
  get byteLength(): number {
    return this.#pieces.length * 4 * (PIECE_MASK + 1);
  }

  /** The bucket of a hash of 32 bits. */
  indexOf(hash: number): number {
    const index = hash & (2 * this.#round - 1);
    return index < this.#count ? index : index & (this.#round - 1);
  }

  /** What a bucket holds. */
  get(index: number): number {
    return (this.#pieces[index >>> PIECE_BITS] as Int32Array)[index & PIECE_MASK] as number;
  }

  /** Replaces what a bucket holds. */
  set(index: number, value: number): void {
    (this.#pieces[index >>> PIECE_BITS] as Int32Array)[index & PIECE_MASK] = value;
  }

  /** True when there should be another bucket for so many items. */
  isFull(items: number): boolean {
    return items > LOAD * this.#count;
  }

  /** Adds a bucket. The items of one other now belong to that one or to the new one, and are to be put there. */
  grow(): readonly [from: number, to: number] {
    const to = this.#count++;
    const from = to - this.#round;
    if (this.#count === 2 * this.#round) this.#round *= 2;
    if (to >>> PIECE_BITS >= this.#pieces.length) this.#pieces.push(new Int32Array(PIECE_MASK + 1));
    return [from, to];
  }
}
