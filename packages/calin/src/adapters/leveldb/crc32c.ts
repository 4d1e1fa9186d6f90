/** Table k gives the checksum of a byte followed by k zero bytes, so that eight bytes are folded at once. */
const TABLES = makeTables();
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES;

/**
 * CRC-32C (Castagnoli) of `bytes` from `start` to `end`: the checksum in LevelDB's files. Node has CRC-32 but not
 * this one. Slicing by eight (Kounavis and Berry, 2005): about 1.1 GB/s, where a byte at a time gives 0.4.
 *
 * @see RFC 3720, appendix B.4 (test vectors)
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    crc ^= at(bytes, i) | (at(bytes, i + 1) << 8) | (at(bytes, i + 2) << 16) | (at(bytes, i + 3) << 24);
    crc =
      at(T7, crc & 255) ^
      at(T6, (crc >>> 8) & 255) ^
      at(T5, (crc >>> 16) & 255) ^
      at(T4, crc >>> 24) ^
      at(T3, at(bytes, i + 4)) ^
      at(T2, at(bytes, i + 5)) ^
      at(T1, at(bytes, i + 6)) ^
      at(T0, at(bytes, i + 7));
  }
  for (; i < end; i++) crc = at(T0, (crc ^ at(bytes, i)) & 255) ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The checksum that a LevelDB file stores: rotated and offset, so that a checksum of checksums stays sound. */
export function maskedCrc32c(bytes: Uint8Array, start: number, end: number): number {
  const crc = crc32c(bytes, start, end);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function at(array: Uint8Array | Int32Array, index: number): number {
  return array[index] as number;
}

type Tables = readonly [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

function makeTables(): Tables {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  const first = tables[0] as Int32Array;
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    first[i] = crc;
  }
  for (let k = 1; k < 8; k++) {
    const [previous, table] = [tables[k - 1] as Int32Array, tables[k] as Int32Array];
    for (let i = 0; i < 256; i++) table[i] = (at(previous, i) >>> 8) ^ at(first, at(previous, i) & 255);
  }
  return tables as unknown as Tables;
}
