/**
 * A stream of numbers that only depends on its seed, for fuzz targets and tests. Never for keys.
 */
export interface SeededRandom {
  /** The next 32 bits, as an integer from 0 to 2^32 − 1. */
  u32(): number;
  /** An integer from 0 to `end` − 1; `end` is at least 1 and at most 2^32. */
  below(end: number): number;
  /** True with a probability of one in `n`. */
  oneIn(n: number): boolean;
  /** `length` bytes. */
  bytes(length: number): Uint8Array;
  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** A fuzz target, exported as `fuzz` by a file named `*.fuzz.ts`; `npm run fuzz` and `npm test` run it. */
export interface FuzzTarget {
  /** Unique and short, such as `codec/transaction`; what `--target` names. */
  readonly name: string;
  /** Tries `iterations` inputs. Throws when one breaks what the target promises. */
  run(random: SeededRandom, iterations: number): void | Promise<void>;
}

/**
 * The numbers of a 32-bit seed: the generator sfc32 (Chris Doty-Humphrey, PractRand), warmed up by twelve rounds
 * as its author advises.
 */
export function seededRandom(seed: number): SeededRandom {
  let [a, b, c, counter] = [0, seed >>> 0, 0, 1];
  const u32 = (): number => {
    const value = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + value) >>> 0;
    return value;
  };
  for (let round = 0; round < 12; round++) u32();
  const below = (end: number): number => Math.floor((u32() / 2 ** 32) * end);
  return {
    u32,
    below,
    oneIn: (n) => below(n) === 0,
    bytes: (length) => Uint8Array.from({ length }, () => u32() & 0xff),
    pick: (list) => list[below(list.length)] as (typeof list)[number],
  };
}
