import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { refuseKeys } from './rules.ts';

/** Words joined by single spaces that {@link parseMnemonic} accepted or {@link createMnemonic} made. */
export type Mnemonic = string;

/** Gives `length` unpredictable bytes: `crypto.getRandomValues` in a browser and in Node. */
export type RandomBytes = (length: number) => Uint8Array;

/** Numbers of words that BIP-39 knows: 128 to 256 bits of entropy in steps of 32. */
const LENGTHS = [12, 15, 18, 21, 24];
/** Characters of a phrase that is looked at: 24 words of at most 8 letters take 215, the rest is room for spaces. */
const TEXT_LENGTH_MAX = 1024;

const WORDS = new Set(wordlist);

/**
 * A new phrase of English words.
 *
 * @param words - 12 for 128 bits of entropy, 24 for 256
 * @see https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki
 */
export function createMnemonic(words: 12 | 24, random: RandomBytes): Mnemonic {
  const length = (words / 3) * 4;
  const entropy = random(length);
  assert(entropy.length === length, `${entropy.length} random bytes where ${length} were asked for`);
  return entropyToMnemonic(entropy, wordlist);
}

/**
 * Reads a phrase that a person typed: case and spacing do not matter. Refuses by `keys/mnemonic-length`,
 * `keys/mnemonic-word` (naming the word, its place from 1, and words that start alike) or
 * `keys/mnemonic-checksum`. The evidence holds at most one word of the phrase.
 */
export function parseMnemonic(text: string): Result<Mnemonic> {
  if (text.length > TEXT_LENGTH_MAX) {
    return refuseKeys('keys/mnemonic-length', { gotCharacters: text.length, max: TEXT_LENGTH_MAX });
  }
  const words = text.normalize('NFKD').toLowerCase().split(/\s+/u).filter(Boolean);
  const unknown = words.findIndex((word) => !WORDS.has(word));
  if (unknown >= 0) {
    const word = words[unknown] as string;
    return refuseKeys('keys/mnemonic-word', {
      word: word.slice(0, 32),
      place: unknown + 1,
      similar: similarWords(word),
    });
  }
  if (!LENGTHS.includes(words.length)) {
    return refuseKeys('keys/mnemonic-length', { got: words.length, expected: LENGTHS.join(', ') });
  }
  const mnemonic = words.join(' ');
  return validateMnemonic(mnemonic, wordlist) ? ok(mnemonic) : refuseKeys('keys/mnemonic-checksum');
}

/**
 * The 64-byte seed of a phrase: PBKDF2 with HMAC-SHA-512 and 2,048 rounds, some tens of milliseconds.
 *
 * @param passphrase - optional further secret; every one gives another wallet, and none is wrong. Normalised (NFKD).
 * @throws AssertionError when the phrase was not parsed
 */
export function mnemonicToSeed(mnemonic: Mnemonic, passphrase = ''): Uint8Array {
  assert(validateMnemonic(mnemonic, wordlist), 'the phrase was not parsed');
  return mnemonicToSeedSync(mnemonic, passphrase);
}

/** Up to five listed words with the same first four letters, else three, else two, as after a slip of the pen. */
function similarWords(word: string): string {
  for (const length of [4, 3, 2]) {
    const start = word.slice(0, length);
    const found = wordlist.filter((candidate) => start.length === length && candidate.startsWith(start));
    if (found.length > 0) return found.slice(0, 5).join(' ');
  }
  return '';
}
