/** A secret of 64 bits, as two words. */
export interface SipKey {
  readonly low: number;
  readonly high: number;
}

/**
 * HalfSipHash-1-3 of some words, 32 bits: for hash tables whose keys strangers choose, who then cannot aim at one place
 * of a table without the secret. Not for anything that is stored or sent.
 *
 * @param at - the first word
 * @returns u32
 * @see Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012; Linux, lib/siphash.c, for the half-width variant
 */
export function halfSipHash({ low, high }: SipKey, words: Int32Array, at: number, count: number): number {
  let v0 = low | 0;
  let v1 = high | 0;
  let v2 = low ^ 0x6c79_6765;
  let v3 = high ^ 0x7465_6462;
  // Each word, then a block with the number of bytes; after it three rounds for the end.
  for (let i = 0; i < count + 4; i++) {
    const word = i < count ? (words[at + i] as number) : i === count ? (4 * count) << 24 : 0;
    if (i === count + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}
