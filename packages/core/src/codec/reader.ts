import { assert } from '../base/assert.ts';
import type { Evidence, Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { refuseCodec } from './rules.ts';

type CodecRule = keyof typeof refuseCodec.rules;

const EMPTY = new Uint8Array(0);

/**
 * Reads little-endian values from a stranger's bytes. It never throws and never allocates by an unchecked
 * length: the first fault is remembered, every later read gives zero, and {@link finish} returns the refusal.
 * Loops over what it returns stay short because {@link count} checks a count against the bytes that are left.
 */
export class Reader {
  readonly bytes: Uint8Array;
  /** Where the next read starts. */
  offset = 0;
  /** The first fault, if any. */
  failure: Failure | undefined;

  constructor(bytes: Uint8Array, offset = 0) {
    assert(Number.isInteger(offset) && offset >= 0 && offset <= bytes.length, `no offset ${offset}`);
    // A subclass may cut differently: Node's Buffer.slice shares memory, and a value read from it would change later.
    const plain = Object.getPrototypeOf(bytes) === Uint8Array.prototype;
    this.bytes = plain ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.offset = offset;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.offset;
  }

  /** Remembers the first fault. */
  fail(rule: CodecRule, evidence: Evidence = {}): void {
    this.failure ??= refuseCodec(rule, { offset: this.offset, ...evidence });
  }

  u8(): number {
    return this.#take(1) ? (this.bytes[this.offset++] as number) : 0;
  }

  u16(): number {
    return this.u8() + this.u8() * 0x100;
  }

  u32(): number {
    if (!this.#take(4)) return 0;
    const { bytes, offset } = this;
    this.offset += 4;
    return (
      (bytes[offset] as number) +
      (bytes[offset + 1] as number) * 0x100 +
      (bytes[offset + 2] as number) * 0x10000 +
      (bytes[offset + 3] as number) * 0x1000000
    );
  }

  /** A u64 on the wire whose value must be at most 2^53 − 1. */
  u53(): number {
    const low = this.u32();
    const high = this.u32();
    if (high > 0x1f_ffff) this.fail('codec/number-too-large');
    return this.failure === undefined ? low + high * 0x1_0000_0000 : 0;
  }

  /** A copy of the next `length` bytes; empty after a fault. `length` may come from the wire, so it is an integer. */
  take(length: number): Uint8Array {
    assert(Number.isSafeInteger(length) && length >= 0, `not a length: ${length}`);
    if (!this.#take(length)) return EMPTY;
    const taken = this.bytes.slice(this.offset, this.offset + length);
    this.offset += length;
    return taken;
  }

  /** A view of the next `length` bytes, as long as {@link take} would copy; whoever keeps it keeps all the bytes. */
  view(length: number): Uint8Array {
    const start = this.offset;
    this.skip(length);
    return this.bytes.subarray(start, this.offset);
  }

  /** Passes over bytes that need no look. */
  skip(length: number): void {
    if (this.#take(length)) this.offset += length;
  }

  /** 32 bytes; 32 zeros after a fault, so that callers need no second shape. */
  hash(): Uint8Array {
    const hash = this.take(32);
    return hash.length === 32 ? hash : new Uint8Array(32);
  }

  /** Refuses a count above `max`, or one that cannot fit in the bytes that are left; returns 0 then. */
  count(value: number, max: number, itemBytesMin: number): number {
    if (value > max) this.fail('codec/limit', { got: value, expected: max });
    else if (value * itemBytesMin > this.left)
      this.fail('codec/truncated', { expected: value * itemBytesMin, got: this.left });
    return this.failure === undefined ? value : 0;
  }

  /** Skips to the next multiple of 4 from `start`; the skipped bytes must be zero. */
  pad4(start: number): void {
    while ((this.offset - start) % 4 !== 0 && this.failure === undefined) {
      if (this.u8() !== 0) this.fail('codec/not-canonical', { why: 'padding is not zero' });
    }
  }

  /** Refuses unless a condition of the canonical form holds. */
  canonical(condition: boolean, why: string): void {
    if (!condition) this.fail('codec/not-canonical', { why });
  }

  /** The value, if no read failed. */
  result<T>(value: T): Result<T> {
    return this.failure ?? ok(value);
  }

  /** The value, if no read failed and no byte is left. */
  finish<T>(value: T): Result<T> {
    if (this.left > 0) this.fail('codec/trailing-bytes', { got: this.left, expected: 0 });
    return this.result(value);
  }

  #take(length: number): boolean {
    if (this.failure !== undefined) return false;
    if (length > this.left) {
      this.fail('codec/truncated', { expected: length, got: this.left });
      return false;
    }
    return true;
  }
}
