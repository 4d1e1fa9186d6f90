import { LevelBytes } from './level-bytes.ts';

/** Three bytes of input give at most 64 of output, so a longer length is a lie, refused before it costs memory. */
const EXPANSION_MAX = 22;

/**
 * The bytes of one Snappy block, or undefined when it is malformed. Only the indexes of LevelDB's tables are read
 * with it; what the node reads goes through LevelDB.
 *
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function uncompressSnappy(compressed: Uint8Array): Uint8Array | undefined {
  const input = new LevelBytes(compressed);
  const length = input.varint();
  if (input.failed || length > EXPANSION_MAX * compressed.length) return undefined;
  const output = new Uint8Array(length);
  let written = 0;
  while (input.left > 0) {
    const tag = input.u8();
    const literalBytes = (tag & 3) === 0 ? literalLength(input, tag >>> 2) : undefined;
    if (literalBytes !== undefined) {
      const literal = input.take(literalBytes);
      if (input.failed || written + literalBytes > length) return undefined;
      output.set(literal, written);
      written += literalBytes;
      continue;
    }
    const copy = readCopy(input, tag);
    if (input.failed || copy.distance === 0 || copy.distance > written) return undefined;
    if (written + copy.length > length) return undefined;
    // Byte by byte, because a copy may overlap what it writes.
    for (let i = 0; i < copy.length; i++, written++)
      output[written] = output[written - copy.distance] as number;
  }
  return written === length && !input.failed ? output : undefined;
}

function literalLength(input: LevelBytes, code: number): number {
  if (code < 60) return code + 1;
  let length = 1;
  for (let i = 0, scale = 1; i < code - 59; i++, scale *= 256) length += input.u8() * scale;
  return length;
}

function readCopy(input: LevelBytes, tag: number): { length: number; distance: number } {
  if ((tag & 3) === 1) return { length: 4 + ((tag >>> 2) & 7), distance: (tag >>> 5) * 256 + input.u8() };
  if ((tag & 3) === 2) return { length: (tag >>> 2) + 1, distance: input.u8() + input.u8() * 256 };
  return { length: (tag >>> 2) + 1, distance: input.u32() };
}
