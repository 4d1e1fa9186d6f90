import { utf8ToBytes } from '@noble/hashes/utils.js';

/** UTF-8 bytes of a text. Lone surrogates become U+FFFD, as the Encoding standard says. */
export function utf8Bytes(text: string): Uint8Array {
  return utf8ToBytes(text.toWellFormed());
}

/**
 * The text of strictly valid UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF), or undefined.
 */
export function parseUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i] as number;
    const length =
      first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || i + length > bytes.length) return undefined;
    let point = length === 1 ? first : first & (0x7f >> length);
    for (let k = 1; k < length; k++) {
      const next = bytes[i + k] as number;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = point * 64 + (next & 0x3f);
    }
    const shortest = length < 3 || point >= (length === 3 ? 0x800 : 0x1_0000);
    if (!shortest || (point >= 0xd800 && point <= 0xdfff) || point > 0x10_ffff) return undefined;
    text += String.fromCodePoint(point);
    i += length;
  }
  return text;
}
