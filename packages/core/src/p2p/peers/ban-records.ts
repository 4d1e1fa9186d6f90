import type { Result } from '../../base/result.ts';
import { utf8Bytes } from '../../base/text.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { BAN_PAGES, BANS_PER_PAGE } from './limits.ts';

/** One ban. */
export interface Ban {
  /** What is banned: a peer id, or a network such as `5.6.7.8/32`. */
  readonly target: string;
  /** Milliseconds since 1970 at which it ends. */
  readonly untilMs: number;
  /** The rule that was broken last; `ordered` for a ban by hand. */
  readonly reason: string;
}

/** The reason of a ban that somebody ordered. */
export const ORDERED = 'ordered';

/** Characters of a target: a peer id, or the longest network. */
const TARGET_LENGTH_MAX = 64;

const REASON_LENGTH_MAX = 64;

/** Target, reason, end: a byte of length before each text. */
const BAN_BYTES_MIN = 10;

/** One page of bans as bytes: their number, then target, reason and end of each. */
export function encodeBans(bans: readonly Ban[]): Uint8Array {
  const writer = new Writer().u8(bans.length);
  for (const { target, reason, untilMs } of bans) {
    for (const text of [target, reason.slice(0, REASON_LENGTH_MAX)]) {
      const bytes = utf8Bytes(text);
      writer.u8(bytes.length).bytes(bytes);
    }
    writer.u53(untilMs);
  }
  return writer.finish();
}

/** Reads what {@link encodeBans} wrote; a damaged page is refused by a `codec/…` rule. */
export function parseBans(bytes: Uint8Array): Result<readonly Ban[]> {
  const reader = new Reader(bytes);
  const count = reader.count(reader.u8(), BANS_PER_PAGE, BAN_BYTES_MIN);
  const bans: Ban[] = [];
  for (let i = 0; i < count && reader.failure === undefined; i++) {
    const target = readAscii(reader, TARGET_LENGTH_MAX);
    const reason = readAscii(reader, REASON_LENGTH_MAX);
    bans.push({ target, reason, untilMs: reader.u53() });
  }
  return reader.finish(bans);
}

/** The numbers of the pages that hold bans, a byte each. */
export function encodePages(pages: readonly number[]): Uint8Array {
  return Uint8Array.from(pages);
}

/** Reads what {@link encodePages} wrote: ascending numbers below {@link BAN_PAGES}. */
export function parsePages(bytes: Uint8Array): Result<readonly number[]> {
  const reader = new Reader(bytes);
  const pages: number[] = [];
  for (let i = reader.count(bytes.length, BAN_PAGES, 1); i > 0; i--) {
    const page = reader.u8();
    reader.canonical(page < BAN_PAGES && page > (pages.at(-1) ?? -1), 'numbers of pages that do not ascend');
    pages.push(page);
  }
  return reader.finish(pages);
}

/** A text of printable ASCII with its length in a byte before it. */
export function readAscii(reader: Reader, lengthMax: number, length = reader.u8()): string {
  if (length > lengthMax) reader.fail('codec/limit', { got: length, expected: lengthMax });
  let text = '';
  for (const byte of reader.take(reader.failure === undefined ? length : 0)) {
    reader.canonical(byte > 0x20 && byte < 0x7f, 'a character that is not printable ASCII');
    text += String.fromCharCode(byte);
  }
  return text;
}
