import { COIN_KEY_WORDS } from './coin-map.ts';

/** Bits of one digit: three digits cover a word, and the counters of one stay in the first cache. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts entries by the bytes of their keys, without an object per entry: by radix over the first word, which hashes
 * rarely share, then the few that share it by the whole key. Keeps its arrays from call to call.
 */
export class KeyOrder {
  #entries = new Uint32Array(0);
  #spareEntries = new Uint32Array(0);
  #prefixes = new Uint32Array(0);
  #sparePrefixes = new Uint32Array(0);
  readonly #counts = new Uint32Array(DIGITS);

  /** Room for the entries of the next {@link sort}; those written here are what it sorts. */
  open(countMax: number): Uint32Array {
    if (this.#entries.length < countMax) {
      const length = 2 * countMax;
      this.#entries = new Uint32Array(length);
      this.#spareEntries = new Uint32Array(length);
      this.#prefixes = new Uint32Array(length);
      this.#sparePrefixes = new Uint32Array(length);
    }
    return this.#entries;
  }

  /**
   * Sorts the first `count` entries, ascending by key.
   *
   * @param keys - {@link COIN_KEY_WORDS} words for each entry number
   * @returns the sorted entries; they hold until the next call
   */
  sort(keys: Int32Array, count: number): Uint32Array {
    const prefixes = this.#prefixes;
    const entries = this.#entries;
    for (let i = 0; i < count; i++) {
      prefixes[i] = byteOrder(keys[(entries[i] as number) * COIN_KEY_WORDS] as number);
    }
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) this.#sortDigit(shift, count);
    this.#sortEqual(keys, count);
    return this.#entries;
  }

  /** One stable pass; the two pairs of arrays change places. */
  #sortDigit(shift: number, count: number): void {
    const counts = this.#counts.fill(0);
    const entries = this.#entries;
    const prefixes = this.#prefixes;
    const toEntries = this.#spareEntries;
    const toPrefixes = this.#sparePrefixes;
    for (let i = 0; i < count; i++) {
      const digit = ((prefixes[i] as number) >>> shift) & (DIGITS - 1);
      counts[digit] = (counts[digit] as number) + 1;
    }
    let start = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const size = counts[digit] as number;
      counts[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const prefix = prefixes[i] as number;
      const digit = (prefix >>> shift) & (DIGITS - 1);
      const to = counts[digit] as number;
      counts[digit] = to + 1;
      toEntries[to] = entries[i] as number;
      toPrefixes[to] = prefix;
    }
    this.#entries = toEntries;
    this.#prefixes = toPrefixes;
    this.#spareEntries = entries;
    this.#sparePrefixes = prefixes;
  }

  /** Orders the runs whose first words are equal. */
  #sortEqual(keys: Int32Array, count: number): void {
    const prefixes = this.#prefixes;
    for (let from = 0; from + 1 < count; ) {
      let to = from + 1;
      while (to < count && prefixes[to] === prefixes[from]) to++;
      if (to - from > 1) {
        const run = this.#entries.subarray(from, to);
        run.set(run.toSorted((a, b) => compareKeys(keys, a, b)));
      }
      from = to;
    }
  }
}

/** A little-endian word as the number whose order is that of its bytes. */
function byteOrder(word: number): number {
  const swapped = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  return swapped >>> 0;
}

function compareKeys(keys: Int32Array, a: number, b: number): number {
  for (let i = 0; i < COIN_KEY_WORDS; i++) {
    const left = byteOrder(keys[a * COIN_KEY_WORDS + i] as number);
    const right = byteOrder(keys[b * COIN_KEY_WORDS + i] as number);
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
