import { isAmount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';

/** Writes little-endian values into a buffer that doubles when full. */
export class Writer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xff, `not a u8: ${value}`);
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  u16(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffff, `not a u16: ${value}`);
    return this.u8(value & 0xff).u8(value >>> 8);
  }

  u32(value: number): this {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, `not a u32: ${value}`);
    this.#reserve(4);
    for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.#length++] = (value >>> shift) & 0xff;
    return this;
  }

  /** An integer up to 2^53 − 1 as a u64. */
  u53(value: number): this {
    assert(isAmount(value), `not an integer from 0 to 2^53 − 1: ${value}`);
    return this.u32(value % 0x1_0000_0000).u32(Math.floor(value / 0x1_0000_0000));
  }

  /** Exactly 32 bytes: a hash, an address, a public key. One of another length would shift all that follows. */
  hash(value: Uint8Array): this {
    assert(value.length === 32, `${value.length} bytes where 32 belong`);
    return this.bytes(value);
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** Zeros up to the next multiple of 4 from `start`. */
  pad4(start = 0): this {
    while ((this.#length - start) % 4 !== 0) this.u8(0);
    return this;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
