import { assert } from '@calin/core/base/assert.ts';

/** Where a ring's counters stand: bytes ever read and bytes ever written, which wrap around. */
const READ = 0;
const WRITTEN = 1;

/** Words of the control memory of one ring. */
export const RING_WORDS = 2;

/**
 * A stream of bytes from one thread to another, in memory that both share: one of them writes, one of them reads, and
 * neither ever waits for the other in here.
 */
export class ByteRing {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;

  /**
   * @param control - {@link RING_WORDS} words of shared memory, 0 at first
   * @param bytes - shared memory of a power of two bytes
   */
  constructor(control: Int32Array, bytes: Uint8Array) {
    assert(control.length === RING_WORDS, 'the control words of one ring');
    assert((bytes.length & (bytes.length - 1)) === 0, 'a power of two of bytes');
    this.#control = control;
    this.#bytes = bytes;
  }

  /** Writes as many bytes as there is room for, from `from` on; how many. */
  write(bytes: Uint8Array, from: number): number {
    const written = Atomics.load(this.#control, WRITTEN);
    const room = this.#bytes.length - ((written - Atomics.load(this.#control, READ)) >>> 0);
    const count = Math.min(room, bytes.length - from);
    if (count === 0) return 0;
    const at = written & (this.#bytes.length - 1);
    const first = Math.min(count, this.#bytes.length - at);
    this.#bytes.set(bytes.subarray(from, from + first), at);
    if (first < count) this.#bytes.set(bytes.subarray(from + first, from + count), 0);
    // The bytes before the count: who sees it sees them.
    Atomics.store(this.#control, WRITTEN, (written + count) | 0);
    return count;
  }

  /** Bytes that can be read. */
  get waiting(): number {
    return (Atomics.load(this.#control, WRITTEN) - Atomics.load(this.#control, READ)) >>> 0;
  }

  /** Moves so many bytes that are waiting to a place in memory of the reader. */
  read(into: Uint8Array, at: number, count: number): void {
    assert(count <= this.waiting, 'bytes that have been written');
    const read = Atomics.load(this.#control, READ);
    const from = read & (this.#bytes.length - 1);
    const first = Math.min(count, this.#bytes.length - from);
    into.set(this.#bytes.subarray(from, from + first), at);
    if (first < count) into.set(this.#bytes.subarray(0, count - first), at + first);
    Atomics.store(this.#control, READ, (read + count) | 0);
  }
}
