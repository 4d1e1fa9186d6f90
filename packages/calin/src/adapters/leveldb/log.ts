import { maskedCrc32c } from './crc32c.ts';
import { LevelBytes } from './level-bytes.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/** What a log file holds. */
export interface LogScan {
  /** The whole records before the first fault. */
  readonly records: readonly Uint8Array[];
  /** Where the first record starts that is not whole, if there is one. */
  readonly faultAt: number | undefined;
  /**
   * True when a whole record follows the fault. LevelDB has one write under way at a time and we sync each, so a
   * power cut tears the last record only: a whole one behind a fault proves that the file was changed later.
   */
  readonly recordsAfterFault: boolean;
}

/**
 * Reads a log file as LevelDB does when it opens (a write-ahead log or a MANIFEST), but reports what it would skip
 * in silence: LevelDB drops a block with a wrong checksum and goes on with the next, so that a batch in the middle
 * can vanish while later ones stay.
 *
 * @see https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
export function scanLog(bytes: Uint8Array): LogScan {
  const scan = new LogScanner(bytes);
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    scan.block(start, Math.min(start + BLOCK_BYTES, bytes.length));
  }
  return scan.finish();
}

class LogScanner {
  readonly #bytes: Uint8Array;
  readonly #records: Uint8Array[] = [];
  #fragments: Uint8Array[] = [];
  /** Where the record under way starts; -1 between records. */
  #recordAt = -1;
  #faultAt: number | undefined;
  #recordsAfterFault = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads the fragments of one block; a bad one hides the rest of the block, for its length cannot be trusted. */
  block(start: number, end: number): void {
    let offset = start;
    while (end - offset >= HEADER_BYTES) {
      const header = new LevelBytes(this.#bytes, offset, end);
      const [crc, length, type] = [header.u32(), header.u8() + header.u8() * 0x100, header.u8()];
      const next = offset + HEADER_BYTES + length;
      const isWhole = next <= end && type >= FULL && type <= LAST;
      if (!isWhole || maskedCrc32c(this.#bytes, offset + 6, next) !== crc) {
        this.#fault(offset);
        return;
      }
      this.#fragment(type, offset, this.#bytes.subarray(offset + HEADER_BYTES, next));
      offset = next;
    }
    // Up to six bytes at the end of a full block are padding; at the end of the file they are a torn header.
    if (offset < end && end - start < BLOCK_BYTES) this.#fault(offset);
  }

  finish(): LogScan {
    if (this.#recordAt >= 0) this.#fault(this.#recordAt);
    return { records: this.#records, faultAt: this.#faultAt, recordsAfterFault: this.#recordsAfterFault };
  }

  #fragment(type: number, offset: number, payload: Uint8Array): void {
    const starts = type === FULL || type === FIRST;
    if (starts === this.#recordAt >= 0) this.#fault(offset);
    if (starts) this.#recordAt = offset;
    // The middle or the end of a record whose start is lost.
    if (this.#recordAt < 0) return;
    this.#fragments.push(payload);
    if (type === FULL || type === LAST) this.#complete();
  }

  #complete(): void {
    const record =
      this.#fragments.length === 1 ? (this.#fragments[0] as Uint8Array) : Buffer.concat(this.#fragments);
    if (this.#faultAt === undefined) this.#records.push(record);
    else this.#recordsAfterFault = true;
    this.#recordAt = -1;
    this.#fragments = [];
  }

  #fault(offset: number): void {
    this.#faultAt ??= this.#recordAt >= 0 ? this.#recordAt : offset;
    this.#recordAt = -1;
    this.#fragments = [];
  }
}
