import { assert } from './assert.ts';
import { wordsOf } from './words.ts';

/** Rounds after which every bit of the state depends on every bit of the seed. */
const WARM_UP_ROUNDS = 20;

/**
 * The dice of a node: numbers that depend on a seed alone, so that a run with the same seed and the same events is the
 * same run. The generator is xoshiro128**. Who sees enough of the numbers can foresee the rest, so it is never used for
 * keys; the seed of a node on a real network comes from its system's generator.
 *
 * @see Blackman, Vigna: "Scrambled Linear Pseudorandom Number Generators", 2021
 */
export class Random {
  readonly #state: Int32Array;

  /** @param seed - 32 bytes */
  constructor(seed: Uint8Array) {
    assert(seed.length === 32, `a seed of ${seed.length} bytes`);
    const words = wordsOf(seed.slice());
    this.#state = words.slice(0, 4);
    this.#absorb([0x9e37_79b9, 0x243f_6a88, 0xb7e1_5162, 0x6a09_e667]);
    this.#absorb([...words.subarray(4)]);
  }

  /** The next 32 bits, as an integer from 0 to 2^32 − 1. */
  u32(): number {
    const s = this.#state;
    const [s0, s1, s2, s3] = [s[0] as number, s[1] as number, s[2] as number, s[3] as number];
    const value = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
    s[2] = s2 ^ s0;
    s[3] = s3 ^ s1;
    s[1] = s1 ^ (s[2] as number);
    s[0] = s0 ^ (s[3] as number);
    s[2] = (s[2] as number) ^ (s1 << 9);
    s[3] = rotate(s[3] as number, 11);
    return value;
  }

  /** An integer from 0 to `end` − 1; `end` is from 1 to 2^32. No number is more likely than another by over 2^−32. */
  below(end: number): number {
    assert(Number.isInteger(end) && end >= 1 && end <= 2 ** 32, `nothing is below ${end}`);
    // The product is below 2^64 and rounded to 53 bits; it never reaches `end`, for u32 / 2^32 is exact and below 1.
    return Math.min(end - 1, Math.floor((this.u32() / 2 ** 32) * end));
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** `length` bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.u32() >>> 24;
    return bytes;
  }

  /** One element of a list; undefined of an empty one. */
  pick<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : list[this.below(list.length)];
  }

  /** The elements in another order, each order as likely as any (Fisher and Yates). */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const other = this.below(i + 1);
      [shuffled[i], shuffled[other]] = [shuffled[other] as T, shuffled[i] as T];
    }
    return shuffled;
  }

  /** A generator of its own, seeded from this one: what one part draws does not change what another one gets. */
  fork(): Random {
    return new Random(this.bytes(32));
  }

  #absorb(words: readonly number[]): void {
    for (let i = 0; i < 4; i++) this.#state[i] = (this.#state[i] as number) ^ (words[i] as number);
    // The state that only gives zeros; no other one leads to it.
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.u32();
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
