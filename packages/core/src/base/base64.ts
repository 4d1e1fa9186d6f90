const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The value of each character by its code; −1 for all else. */
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Text of bytes, four characters for three of them, with padding. @see RFC 4648, section 4 */
export function toBase64(bytes: Uint8Array): string {
  const whole = bytes.length - (bytes.length % 3);
  let text = '';
  for (let at = 0; at < whole; at += 3) {
    text += four(
      ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number),
    );
  }
  const left = bytes.length - whole;
  if (left === 0) return text;
  const last = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8);
  return text + (left === 1 ? `${four(last).slice(0, 2)}==` : `${four(last).slice(0, 3)}=`);
}

/** Bytes of a text that {@link toBase64} writes, or undefined: each sequence of bytes has one text. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    const isLast = at + 4 === text.length;
    const bits = bitsOf(text, at, isLast ? 4 - padding : 4);
    if (bits < 0) return undefined;
    // What is left over must be zero, or two texts would give the same bytes.
    if (isLast && padding > 0 && (bits & (padding === 1 ? 0xff : 0xffff)) !== 0) return undefined;
    bytes[to] = bits >>> 16;
    if (to + 1 < bytes.length) bytes[to + 1] = bits >>> 8;
    if (to + 2 < bytes.length) bytes[to + 2] = bits;
  }
  return bytes;
}

function four(bits: number): string {
  const at = (shift: number): string => ALPHABET.charAt((bits >>> shift) & 63);
  return at(18) + at(12) + at(6) + at(0);
}

/** 24 bits of up to four characters, or −1 when one is not of the alphabet. */
function bitsOf(text: string, at: number, count: number): number {
  let bits = 0;
  for (let i = 0; i < 4; i++) {
    const value = i < count ? (VALUES[text.charCodeAt(at + i)] ?? -1) : 0;
    if (value < 0) return -1;
    bits = (bits << 6) | value;
  }
  return bits;
}
