import { parseHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';

/** How the text of a field is meant. */
export type InputKind = 'text' | 'hex';

/** The bytes that a field stands for; undefined for text that is not hexadecimal where it should be. */
export function readInput(kind: InputKind, text: string): Uint8Array | undefined {
  return kind === 'text' ? utf8Bytes(text) : parseHex(text.replace(/\s+/g, ''));
}

/** Bytes of a fixed length in hexadecimal, spaces allowed; undefined for all else. */
export function readBytes(text: string, length: number): Uint8Array | undefined {
  const bytes = readInput('hex', text);
  return bytes?.length === length ? bytes : undefined;
}
