import { assert } from '../base/assert.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { refuseCodec } from './rules.ts';

/** Characters of a whole string. Up to here the checksum finds every error of four characters (BIP-173). */
export const BECH32M_LENGTH_MAX = 90;

/** Characters of the checksum: six words of five bits. */
const CHECKSUM_LENGTH = 6;
/** Characters of the prefix: what the separator and the checksum leave of {@link BECH32M_LENGTH_MAX}. */
const PREFIX_LENGTH_MAX = BECH32M_LENGTH_MAX - 1 - CHECKSUM_LENGTH;
/** The character of each word from 0 to 31 (BIP-173): look-alikes differ in a single bit. */
const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
/** What the checksum of a valid string comes to; BIP-350 took it in place of 1 to mend insertions before a last p. */
const CHECKSUM_TARGET = 0x2bc8_30a3;
/** The generator polynomial of the BCH code, times x^0 … x^4 of the word that is shifted out (BIP-173). */
const GENERATOR = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3] as const;

const WORD_OF = new Map([...CHARACTERS].map((character, word) => [character, word]));

/** A parsed text: the prefix in lower case and what follows it. */
export interface Bech32m {
  readonly prefix: string;
  readonly bytes: Uint8Array;
}

/** As {@link Bech32m}, before the five-bit words are put together to bytes. */
export interface Bech32mWords {
  readonly prefix: string;
  /** Values from 0 to 31. */
  readonly words: readonly number[];
}

/** The five-bit word that a lower-case character stands for; undefined for what is not in bech32m text. */
export function bech32mWord(character: string): number | undefined {
  return WORD_OF.get(character);
}

/**
 * Bytes as bech32m text in lower case, such as `cal1…`.
 *
 * @param prefix - 1 to 83 printable ASCII characters without upper case
 * @throws AssertionError when the prefix is not one, or the text would exceed 90 characters
 * @see https://github.com/bitcoin/bips/blob/master/bip-0350.mediawiki
 */
export function encodeBech32m(prefix: string, bytes: Uint8Array): string {
  return encodeBech32mWords(prefix, bytesToWords(bytes));
}

/**
 * Reads bech32m text in lower or in upper case, never mixed. Refuses by `codec/address` and says why.
 *
 * @param options.prefixes - the prefixes to accept; all when left out
 * @see https://github.com/bitcoin/bips/blob/master/bip-0350.mediawiki
 */
export function parseBech32m(text: string, options: { prefixes?: readonly string[] } = {}): Result<Bech32m> {
  const parsed = parseBech32mWords(text);
  if (!parsed.ok) return parsed;
  const { prefix, words } = parsed.value;
  if (options.prefixes !== undefined && !options.prefixes.includes(prefix)) {
    return refuseCodec('codec/address', {
      why: 'another prefix',
      got: prefix,
      expected: options.prefixes.join(' '),
    });
  }
  const bytes = wordsToBytes(words);
  return bytes === undefined ? refuse('padding is not zero or longer than four bits') : ok({ prefix, bytes });
}

/** As {@link encodeBech32m}, from five-bit words. */
export function encodeBech32mWords(prefix: string, words: readonly number[]): string {
  assert(isPrefix(prefix) && prefix === prefix.toLowerCase(), `not a bech32m prefix: "${prefix}"`);
  assert(
    words.every((word) => Number.isInteger(word) && word >= 0 && word < 32),
    'a word is not from 0 to 31',
  );
  const length = prefix.length + 1 + words.length + CHECKSUM_LENGTH;
  assert(length <= BECH32M_LENGTH_MAX, `${length} characters of bech32m`);
  const expanded = [...expandPrefix(prefix), ...words];
  const remainder = polymod([...expanded, 0, 0, 0, 0, 0, 0]) ^ CHECKSUM_TARGET;
  let text = `${prefix}1`;
  for (const word of words) text += CHARACTERS[word];
  for (let i = 0; i < CHECKSUM_LENGTH; i++) text += CHARACTERS[(remainder >>> (25 - 5 * i)) & 31];
  return text;
}

/** As {@link parseBech32m}, to five-bit words: the level at which BIP-350 gives its vectors. */
export function parseBech32mWords(text: string): Result<Bech32mWords> {
  if (text.length > BECH32M_LENGTH_MAX) {
    return refuseCodec('codec/address', { why: 'too long', got: text.length, expected: BECH32M_LENGTH_MAX });
  }
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return refuse('upper and lower case are mixed');
  const separator = lower.lastIndexOf('1');
  if (separator < 0) return refuse('there is no separator 1');
  const prefix = lower.slice(0, separator);
  if (!isPrefix(prefix)) return refuse('the prefix is empty or holds a character out of range');
  const words: number[] = [];
  for (let i = separator + 1; i < lower.length; i++) {
    const word = WORD_OF.get(lower[i] as string);
    if (word === undefined) return refuseCodec('codec/address', { why: 'a character is not allowed', at: i });
    words.push(word);
  }
  if (words.length < CHECKSUM_LENGTH) return refuse('the checksum is too short');
  if (polymod([...expandPrefix(prefix), ...words]) !== CHECKSUM_TARGET) {
    return refuse('the checksum does not match');
  }
  return ok({ prefix, words: words.slice(0, -CHECKSUM_LENGTH) });
}

/** Five-bit words of bytes, the high bit first, the last word filled up with zeros. */
export function bytesToWords(bytes: Uint8Array): number[] {
  const words: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      words.push((buffer >>> bits) & 31);
    }
  }
  if (bits > 0) words.push((buffer << (5 - bits)) & 31);
  return words;
}

/** Bytes of five-bit words, or undefined when what is left over is not zero or is five bits or more. */
export function wordsToBytes(words: readonly number[]): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((words.length * 5) / 8));
  let length = 0;
  let buffer = 0;
  let bits = 0;
  for (const word of words) {
    buffer = ((buffer << 5) | word) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = (buffer >>> bits) & 0xff;
    }
  }
  const padding = buffer & ((1 << bits) - 1);
  return bits < 5 && padding === 0 ? bytes : undefined;
}

function refuse(why: string): Failure {
  return refuseCodec('codec/address', { why });
}

function isPrefix(text: string): boolean {
  if (text.length === 0 || text.length > PREFIX_LENGTH_MAX) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 33 || code > 126) return false;
  }
  return true;
}

/** The prefix as words for the checksum: the high bits of every character, a zero, the low bits. */
function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

/** The remainder of the words, read as a polynomial over GF(32), by the generator; 30 bits. */
function polymod(words: readonly number[]): number {
  let remainder = 1;
  for (const word of words) {
    const top = remainder >>> 25;
    remainder = ((remainder & 0x1ff_ffff) << 5) ^ word;
    for (let bit = 0; bit < 5; bit++) if ((top >>> bit) & 1) remainder ^= GENERATOR[bit] as number;
  }
  return remainder;
}
