/** Reads the little-endian and variable-length integers of LevelDB's files; a fault is remembered, never thrown. */
export class LevelBytes {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;
  /** True after a read that went past the end or met an integer above 2^53 − 1. */
  failed = false;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get left(): number {
    return this.end - this.offset;
  }

  u8(): number {
    if (this.left < 1) this.failed = true;
    return this.failed ? 0 : (this.bytes[this.offset++] as number);
  }

  u32(): number {
    return this.u8() + this.u8() * 0x100 + this.u8() * 0x1_0000 + this.u8() * 0x100_0000;
  }

  u64(): number {
    return this.#bounded(this.u32() + this.u32() * 0x1_0000_0000);
  }

  /** Seven bits a byte, low ones first, at most ten bytes. */
  varint(): number {
    let value = 0;
    for (let i = 0, scale = 1; i < 10; i++, scale *= 128) {
      const byte = this.u8();
      value += (byte & 127) * scale;
      if (byte < 128) return this.#bounded(value);
    }
    this.failed = true;
    return 0;
  }

  /** A view of the next `length` bytes; empty after a fault. */
  take(length: number): Uint8Array {
    if (length > this.left) this.failed = true;
    if (this.failed) return this.bytes.subarray(0, 0);
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  /** A view of the bytes that a length stands before. */
  prefixed(): Uint8Array {
    return this.take(this.varint());
  }

  #bounded(value: number): number {
    if (!Number.isSafeInteger(value)) this.failed = true;
    return this.failed ? 0 : value;
  }
}
