import { maskedCrc32c } from './crc32c.ts';
import { LevelBytes } from './level-bytes.ts';
import { uncompressSnappy } from './snappy.ts';

const FOOTER_BYTES = 48;
/** After each block: one byte for the compression, four for the checksum. */
const TRAILER_BYTES = 5;
const MAGIC_LOW = 0x8b80_fb57;
const MAGIC_HIGH = 0xdb47_7524;

/**
 * Checks every checksum of a LevelDB table: data, index and filter. LevelDB itself checks none of them when it
 * reads (`verify_checksums` is off and classic-level does not expose it), and a flipped bit in a key, in the index
 * or in the filter makes it answer "absent" for a key that is there: the one error that a checksum beside the value
 * cannot find.
 *
 * @returns why the table is damaged, or undefined when it is whole
 * @see https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
export function findTableFault(bytes: Uint8Array): string | undefined {
  const footer = new LevelBytes(bytes, bytes.length - FOOTER_BYTES);
  if (footer.offset < 0) return 'too short';
  const [metaIndex, index] = [readHandle(footer), readHandle(footer)];
  const magic = new LevelBytes(bytes, bytes.length - 8);
  if (footer.failed || magic.u32() !== MAGIC_LOW || magic.u32() !== MAGIC_HIGH) return 'bad footer';
  for (const handle of [metaIndex, index]) {
    const entries = readIndex(bytes, handle);
    if (entries === undefined) return `bad index at ${handle.offset}`;
    const bad = entries.find((entry) => !isWholeBlock(bytes, entry));
    if (bad !== undefined) return `bad block at ${bad.offset}`;
  }
  return undefined;
}

/** Where a block is, without its trailer. */
interface BlockHandle {
  readonly offset: number;
  readonly length: number;
}

function readHandle(from: LevelBytes): BlockHandle {
  return { offset: from.varint(), length: from.varint() };
}

function isWholeBlock(bytes: Uint8Array, { offset, length }: BlockHandle): boolean {
  const end = offset + length;
  if (end + TRAILER_BYTES > bytes.length - FOOTER_BYTES) return false;
  return maskedCrc32c(bytes, offset, end + 1) === new LevelBytes(bytes, end + 1).u32();
}

/** The blocks that an index block points at, or undefined when it is damaged. */
function readIndex(bytes: Uint8Array, handle: BlockHandle): BlockHandle[] | undefined {
  if (!isWholeBlock(bytes, handle)) return undefined;
  const stored = bytes.subarray(handle.offset, handle.offset + handle.length);
  const compression = bytes[handle.offset + handle.length];
  const block = compression === 0 ? stored : compression === 1 ? uncompressSnappy(stored) : undefined;
  if (block === undefined || block.length < 4) return undefined;
  const restarts = new LevelBytes(block, block.length - 4).u32();
  const entries = new LevelBytes(block, 0, block.length - 4 - 4 * restarts);
  const handles: BlockHandle[] = [];
  while (entries.left > 0 && !entries.failed) {
    entries.varint();
    const [keyBytes, valueBytes] = [entries.varint(), entries.varint()];
    entries.take(keyBytes);
    handles.push(readHandle(new LevelBytes(entries.take(valueBytes))));
  }
  return entries.failed || entries.left < 0 ? undefined : handles;
}
