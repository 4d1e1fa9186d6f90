import { maskedCrc32c } from './crc32c.ts';

const BLOCK = 32_768;
const HEADER = 7;

/** Writes records as LevelDB does: cut into fragments where a block ends. */
export function writeLog(records: readonly Uint8Array[]): Buffer {
  const parts: Buffer[] = [];
  let inBlock = 0;
  const put = (bytes: Buffer): void => {
    parts.push(bytes);
    inBlock = (inBlock + bytes.length) % BLOCK;
  };
  for (const record of records) {
    let rest = record;
    for (let first = true; first || rest.length > 0; first = false) {
      if (BLOCK - inBlock < HEADER) put(Buffer.alloc(BLOCK - inBlock));
      const payload = rest.subarray(0, BLOCK - inBlock - HEADER);
      rest = rest.subarray(payload.length);
      put(logFragment(first ? (rest.length === 0 ? 1 : 2) : rest.length === 0 ? 4 : 3, payload));
      if (rest.length === 0) break;
    }
  }
  return Buffer.concat(parts);
}

/** One fragment: 1 whole, 2 first, 3 middle, 4 last. */
export function logFragment(type: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(HEADER), payload]);
  bytes[6] = type;
  bytes.writeUInt16LE(payload.length, 4);
  bytes.writeUInt32LE(maskedCrc32c(bytes, 6, bytes.length), 0);
  return bytes;
}
