import { assert } from './assert.ts';

// Typed arrays have the byte order of the machine and the formats are little-endian, as is every machine that V8,
// JavaScriptCore or SpiderMonkey runs on today.
assert(new Uint8Array(Uint32Array.of(1).buffer)[0] === 1, 'a machine with big-endian words');

/**
 * The bytes as little-endian words of 32 bits: a view where their place in memory allows one, else of a copy. Up to
 * three bytes at the end that fill no word are left out. The words are read, never written to.
 */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const aligned = plain.byteOffset % 4 === 0 ? plain : plain.slice();
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}

/** The four bytes from an offset as a little-endian word of 32 bits, signed; the offset needs no alignment. */
export function wordAt(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset] as number) | ((bytes[offset + 1] as number) << 8);
  return low | ((bytes[offset + 2] as number) << 16) | ((bytes[offset + 3] as number) << 24);
}
