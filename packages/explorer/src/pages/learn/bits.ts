/** A copy of some bytes with one bit turned over; bit 0 is the highest of the first byte. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  const at = Math.floor(bit / 8);
  flipped[at] = (flipped[at] ?? 0) ^ (0x80 >> (bit % 8));
  return flipped;
}

/** The bits of some bytes, the highest of the first byte first. */
export function bitsOf(bytes: Uint8Array): readonly boolean[] {
  return Array.from({ length: 8 * bytes.length }, (_, bit) => readBit(bytes, bit));
}

/** How many bits of two arrays of one length differ. */
export function countDifferentBits(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let bit = 0; bit < 8 * a.length; bit++) if (readBit(a, bit) !== readBit(b, bit)) count++;
  return count;
}

/** How many zero bits some bytes begin with. */
export function leadingZeroBits(bytes: Uint8Array): number {
  const first = bitsOf(bytes).indexOf(true);
  return first === -1 ? 8 * bytes.length : first;
}

function readBit(bytes: Uint8Array, bit: number): boolean {
  return (((bytes[Math.floor(bit / 8)] ?? 0) << (bit % 8)) & 0x80) !== 0;
}
