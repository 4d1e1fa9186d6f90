import { assert } from '@calin/core/base/assert.ts';
import { Random } from '@calin/core/base/random.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { keyedHash } from '@calin/core/crypto/hash.ts';

/** Parts of one: a chance of all of them always comes. */
const PPM = 1_000_000;

/** Terms of the series of {@link naturalLog}: the next one is below 2^-53 for every argument it is given. */
const LOG_TERMS = 18;

/**
 * The dice of one purpose of a run: what is thrown for one never changes what another throws, so that a scenario
 * that also loses messages has the same workload as before.
 */
export class Dice extends Random {
  /** True so many times in a million. */
  hits(ppm: number): boolean {
    return ppm > 0 && this.below(PPM) < ppm;
  }

  /** One element of a list that is not empty. */
  choose<T>(list: readonly T[]): T {
    assert(list.length > 0, 'something to choose from');
    return list[this.below(list.length)] as T;
  }

  /** The time to the next of events that come independently of each other, `mean` apart; a whole number. */
  exponential(mean: number): number {
    const share = (this.u32() + 1) / 2 ** 32;
    return Math.round(-mean * naturalLog(share));
  }
}

/** The seed of one purpose: 32 bytes that follow from those of the run and a name. */
export function seedFor(seed: Uint8Array, purpose: string): Uint8Array {
  return keyedHash(seed, utf8Bytes(purpose));
}

/** The 32 bytes that a run's number stands for. */
export function seedOf(number: number): Uint8Array {
  assert(Number.isSafeInteger(number) && number >= 0, `not a seed: ${number}`);
  return keyedHash(new Uint8Array(32), utf8Bytes(`calin sim ${number}`));
}

/**
 * The natural logarithm, by arithmetic that every engine rounds alike: the engine's own may differ in the last bit
 * between machines, and then so would a run. ln x = 2 artanh((x − 1) / (x + 1)).
 *
 * @param x - above 0
 */
export function naturalLog(x: number): number {
  assert(x > 0 && x < Number.POSITIVE_INFINITY, `no logarithm of ${x}`);
  let mantissa = x;
  let exponent = 0;
  for (; mantissa > 1.5; exponent++) mantissa /= 2;
  for (; mantissa < 0.75; exponent--) mantissa *= 2;
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let term = LOG_TERMS; term >= 0; term--) sum = sum * square + 1 / (2 * term + 1);
  return exponent * Math.LN2 + 2 * ratio * sum;
}
