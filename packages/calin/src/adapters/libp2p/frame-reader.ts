import { ok, type Result } from '@calin/core/base/result.ts';
import { refuseAdapter } from '../../rules.ts';

/** A frame is its length in four bytes, little-endian, and as many bytes. */
export const FRAME_HEADER_BYTES = 4;

/** Memory that is taken for a frame of which nothing has arrived. It doubles while the frame comes in. */
const FIRST_BYTES = 16 * 1024;

const NOTHING = new Uint8Array(0);

/** The length that goes before a frame. */
export function frameHeader(byteLength: number): Uint8Array {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, byteLength, true);
  return header;
}

/**
 * Cuts a stream of bytes into frames. The length is judged before anything is kept, and the memory that is taken
 * follows what has arrived, not what was announced.
 */
export class FrameReader {
  readonly #frameBytesMax: number;
  readonly #header = new Uint8Array(FRAME_HEADER_BYTES);
  #headerBytes = 0;
  #expected = 0;
  #frame = NOTHING;
  #frameBytes = 0;

  constructor(options: { readonly frameBytesMax: number }) {
    this.#frameBytesMax = options.frameBytesMax;
  }

  /** Memory held for the frame that is not whole yet. */
  get heldBytes(): number {
    return this.#frame.length;
  }

  /** True in the middle of a frame, its length included. */
  get isUnfinished(): boolean {
    return this.#headerBytes > 0;
  }

  /**
   * Takes the next bytes of the stream and keeps no view of them.
   *
   * @returns the frames that are whole now, each in memory of its own; or `network/frame-length`, after which the
   *   stream cannot be read any more
   */
  read(bytes: Uint8Array): Result<Uint8Array[]> {
    const frames: Uint8Array[] = [];
    for (let offset = 0; offset < bytes.length; ) {
      if (this.#headerBytes < FRAME_HEADER_BYTES) {
        offset += this.#readHeader(bytes, offset);
        if (this.#headerBytes < FRAME_HEADER_BYTES) break;
        const expected = `1 to ${this.#frameBytesMax}`;
        if (this.#expected === 0 || this.#expected > this.#frameBytesMax) {
          return refuseAdapter('network/frame-length', { got: this.#expected, expected });
        }
      }
      const end = Math.min(bytes.length, offset + this.#expected - this.#frameBytes);
      this.#keep(bytes.subarray(offset, end));
      offset = end;
      if (this.#frameBytes === this.#expected) frames.push(this.#finish());
    }
    return ok(frames);
  }

  #readHeader(bytes: Uint8Array, offset: number): number {
    const taken = bytes.subarray(offset, offset + FRAME_HEADER_BYTES - this.#headerBytes);
    this.#header.set(taken, this.#headerBytes);
    this.#headerBytes += taken.length;
    if (this.#headerBytes === FRAME_HEADER_BYTES) {
      this.#expected = new DataView(this.#header.buffer).getUint32(0, true);
    }
    return taken.length;
  }

  #keep(part: Uint8Array): void {
    const needed = this.#frameBytes + part.length;
    if (needed > this.#frame.length) {
      const capacity = Math.max(needed, FIRST_BYTES, 2 * this.#frame.length);
      const grown = new Uint8Array(Math.min(capacity, this.#expected));
      grown.set(this.#frame.subarray(0, this.#frameBytes));
      this.#frame = grown;
    }
    this.#frame.set(part, this.#frameBytes);
    this.#frameBytes = needed;
  }

  /** The memory never grows past the frame, so what is full is exactly the frame. */
  #finish(): Uint8Array {
    const frame = this.#frame;
    this.#frame = NOTHING;
    this.#frameBytes = 0;
    this.#headerBytes = 0;
    return frame;
  }
}
