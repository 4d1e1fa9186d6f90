import type { Failure, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { LineLimits } from './limits.ts';
import { DATA_PREFIX } from './parse-line.ts';
import { refuseLine } from './rules.ts';

/** What is at hand for lines with blocks, shared by all connections. */
export interface DataBudget {
  /** Takes so many bytes; false when they are not there. */
  take(bytes: number): boolean;
  /** Gives them back. */
  give(bytes: number): void;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const PRINTABLE = /^[\x20-\x7e]*$/;
const PREFIX_BYTES = Buffer.from(DATA_PREFIX, 'latin1');
/** What a connection may hold without asking: a chunk of the socket. */
const SMALL_BYTES = 65_536;

/**
 * Takes a stream of bytes apart into lines, with no more memory than the line at hand needs: short lines have one
 * limit, those that bring blocks another. After a refusal nothing further can be told of the stream.
 */
export class LineBuffer {
  readonly #limits: Pick<LineLimits, 'lineBytesMax' | 'dataBytesMax'>;
  readonly #budget: DataBudget;
  /** The line that is not whole yet. */
  #line = Buffer.alloc(0);
  #length = 0;
  /** What came behind it. */
  #rest: Buffer = Buffer.alloc(0);
  #taken = 0;

  constructor(limits: Pick<LineLimits, 'lineBytesMax' | 'dataBytesMax'>, budget: DataBudget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  /** True between two lines, when nothing of the next one has come. */
  get isEmpty(): boolean {
    return this.#length === 0 && this.#rest.length === 0;
  }

  /** Takes what came. All lines before it must have been asked for, so that no more than one chunk waits. */
  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /**
   * The next line without its end, or undefined when it is not whole yet. Refuses by `line/too-long`, `line/encoding`
   * or `line/busy`.
   */
  next(): Result<string> | undefined {
    const end = this.#rest.indexOf(LINE_FEED);
    const part = end < 0 ? this.#rest : this.#rest.subarray(0, end);
    const refused = this.#append(part);
    if (refused !== undefined) return refused;
    this.#rest = end < 0 ? Buffer.alloc(0) : this.#rest.subarray(end + 1);
    if (end < 0) return undefined;
    const hasReturn = this.#line[this.#length - 1] === CARRIAGE_RETURN && this.#length > 0;
    const text = this.#line.toString('latin1', 0, hasReturn ? this.#length - 1 : this.#length);
    // It may have held a private key.
    this.#line.fill(0, 0, Math.min(this.#length, this.#limits.lineBytesMax));
    this.#length = 0;
    return PRINTABLE.test(text) ? ok(text) : refuseLine('line/encoding');
  }

  /** Gives back what the last line took; to be called when it has been answered, and at the end. */
  release(): void {
    if (this.#taken === 0) return;
    this.#budget.give(this.#taken);
    this.#taken = 0;
    if (this.#length === 0) this.#line = Buffer.alloc(0);
  }

  #append(part: Buffer): Failure | undefined {
    const length = this.#length + part.length;
    if (length > this.#limits.lineBytesMax) {
      const expected = this.#bringsData(part) ? this.#limits.dataBytesMax : this.#limits.lineBytesMax;
      if (length > expected) return refuseLine('line/too-long', { expected });
    }
    if (length > this.#line.length) {
      // Twice the room each time: what drips in byte by byte is not copied again for each of them.
      const room = Math.min(Math.max(2 * this.#line.length, length, 256), this.#limits.dataBytesMax + 1);
      if (room > SMALL_BYTES && !this.#reserve(room)) return refuseLine('line/busy');
      const grown = Buffer.alloc(room);
      this.#line.copy(grown, 0, 0, this.#length);
      this.#line.fill(0);
      this.#line = grown;
    }
    part.copy(this.#line, this.#length);
    this.#length = length;
    return undefined;
  }

  #bringsData(part: Buffer): boolean {
    const head = Buffer.concat([
      this.#line.subarray(0, Math.min(this.#length, PREFIX_BYTES.length)),
      part.subarray(0, PREFIX_BYTES.length),
    ]);
    return head.subarray(0, PREFIX_BYTES.length).equals(PREFIX_BYTES);
  }

  #reserve(room: number): boolean {
    const more = room - this.#taken;
    if (!this.#budget.take(more)) return false;
    this.#taken = room;
    return true;
  }
}
