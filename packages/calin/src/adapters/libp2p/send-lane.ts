import { FRAME_HEADER_BYTES, frameHeader } from './frame-reader.ts';
import { PIECE_BYTES } from './limits.ts';

/** What a lane needs of a libp2p stream. */
export interface OutgoingStream {
  /** Takes bytes; after `false` the next `drain` event says when to go on. */
  send(bytes: Uint8Array): boolean;
  readonly writableNeedsDrain: boolean;
  addEventListener(type: 'drain', listener: () => void): void;
}

/** Frames up to this size are copied into one piece with their neighbours: a piece costs more than the copy. */
const JOINED_BYTES_MAX = 4096;

/** Entries that were sent before their places are given back. */
const FORGET_ENTRIES = 1024;

const NOTHING = new Uint8Array(0);

/**
 * The frames that wait for one stream. They are handed over in small pieces and only while the stream takes them, so
 * what waits is here, where it is counted, and a large frame does not hold the other lane's back.
 */
export class SendLane {
  readonly #stream: OutgoingStream;
  readonly #failed: (error: unknown) => void;
  /** Lengths and frames; those before `#next` have been sent. */
  #entries: Uint8Array[] = [];
  #next = 0;
  /** Bytes of the next entry that have been sent. */
  #offset = 0;
  #waitingBytes = 0;
  #isDue = false;
  #isPumping = false;

  /** @param failed - told when the stream refuses bytes, as a closed one does */
  constructor(stream: OutgoingStream, failed: (error: unknown) => void) {
    this.#stream = stream;
    this.#failed = failed;
    stream.addEventListener('drain', () => this.#pump());
  }

  /** Bytes that the stream has not taken yet, lengths included. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** What is left of the frame that is being sent, or is the next to be sent. */
  get firstBytes(): number {
    const first = this.#entries[this.#next];
    if (first === undefined) return 0;
    // A length goes first, unless it has been sent.
    const isLength =
      this.#offset === 0 && first.length === FRAME_HEADER_BYTES && this.waitingEntries % 2 === 0;
    const frame = isLength ? this.#entries[this.#next + 1] : undefined;
    return first.length - this.#offset + (frame?.length ?? 0);
  }

  /** Entries of the queue: two for each frame. */
  get waitingEntries(): number {
    return this.#entries.length - this.#next;
  }

  /** Puts a frame at the end of the queue; the caller does not change it any more. It leaves in this turn's wake. */
  add(frame: Uint8Array): void {
    this.#entries.push(frameHeader(frame.length), frame);
    this.#waitingBytes += FRAME_HEADER_BYTES + frame.length;
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#pump();
    });
  }

  /** Drops what waits. */
  clear(): void {
    this.#entries = [];
    this.#next = 0;
    this.#offset = 0;
    this.#waitingBytes = 0;
  }

  /** Hands over what the stream takes. */
  #pump(): void {
    // A stream that takes bytes may say "drained" while it does.
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.waitingEntries > 0 && !this.#stream.writableNeedsDrain)
        this.#stream.send(this.#takePiece());
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isPumping = false;
    }
  }

  /** The next bytes: a part of a large frame, or small frames with their lengths. */
  #takePiece(): Uint8Array {
    const first = this.#entries[this.#next] as Uint8Array;
    if (this.#offset > 0 || first.length > JOINED_BYTES_MAX) {
      const end = Math.min(first.length, this.#offset + PIECE_BYTES);
      const piece = first.subarray(this.#offset, end);
      this.#offset = end;
      if (end === first.length) this.#forget(1);
      this.#waitingBytes -= piece.length;
      return piece;
    }
    return this.#joinSmall();
  }

  #joinSmall(): Uint8Array {
    let count = 0;
    let bytes = 0;
    for (; count < this.waitingEntries; count++) {
      const { length } = this.#entries[this.#next + count] as Uint8Array;
      if (length > JOINED_BYTES_MAX || bytes + length > PIECE_BYTES) break;
      bytes += length;
    }
    const piece = new Uint8Array(bytes);
    let offset = 0;
    for (const entry of this.#entries.slice(this.#next, this.#next + count)) {
      piece.set(entry, offset);
      offset += entry.length;
    }
    this.#forget(count);
    this.#waitingBytes -= bytes;
    return piece;
  }

  /** Lets go of entries at once, and of their places now and then. */
  #forget(count: number): void {
    this.#offset = 0;
    this.#entries.fill(NOTHING, this.#next, this.#next + count);
    this.#next += count;
    if (this.#next < FORGET_ENTRIES && this.waitingEntries > 0) return;
    this.#entries.splice(0, this.#next);
    this.#next = 0;
  }
}
