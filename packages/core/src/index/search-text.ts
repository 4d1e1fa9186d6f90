import { fromHex } from '../base/bytes.ts';
import { bech32mWord } from '../codec/bech32m.ts';
import { type Address, parseAddress } from '../primitives/address.ts';
import { foldText } from './token-words.ts';

/** Digits of a hash, and characters of an address after its prefix, from which on their beginning is looked for. */
const BEGINNING_MIN = 4;

/** Characters of an address after its prefix, the checksum not among them, whose bits are all of its 32 bytes. */
const ADDRESS_WORDS_MAX = 51;

/** Hashes that begin alike: from the first one on, up to another one if there is any above them. */
export interface HashRange {
  readonly from: Uint8Array;
  readonly to: Uint8Array | undefined;
  /** True when it is one hash. */
  readonly isWhole: boolean;
}

/** Everything that a text may mean; what it cannot mean is undefined. */
export interface SearchMeaning {
  readonly height: number | undefined;
  readonly asset: number | undefined;
  /** Ids of blocks and transactions. */
  readonly ids: HashRange | undefined;
  readonly address: Address | undefined;
  /** Of the beginning of an address. */
  readonly addresses: HashRange | undefined;
  /** The beginning of a word of a token. */
  readonly word: string | undefined;
}

/**
 * What somebody may have meant by a text. Never refuses: a text that means nothing has no meaning.
 *
 * @param text - at most some hundred characters
 * @param prefix - of the addresses of this chain
 */
export function parseSearch(text: string, prefix: string): SearchMeaning {
  const folded = foldText(text);
  const digits = folded.replace(/[\s,._'’]/gu, '');
  const number = /^#?[0-9]{1,16}$/.test(digits) ? Number(digits.replace('#', '')) : undefined;
  const isSafe = number !== undefined && Number.isSafeInteger(number);
  const address = parseAddress(text.trim(), prefix);
  return {
    height: isSafe && number <= 0xffff_ffff ? number : undefined,
    asset: isSafe && number > 0 && !digits.startsWith('#') ? number : undefined,
    ids: hexRange(folded.replace(/^0x/, '')),
    address: address.ok ? address.value : undefined,
    addresses: address.ok ? undefined : addressRange(folded, `${prefix}1`),
    word: folded.length > 0 && folded.length <= 64 ? folded : undefined,
  };
}

function hexRange(text: string): HashRange | undefined {
  if (text.length < BEGINNING_MIN || text.length > 64 || !/^[0-9a-f]+$/.test(text)) return undefined;
  return rangeOf(BigInt(`0x${text}`), 4 * text.length);
}

function addressRange(text: string, start: string): HashRange | undefined {
  const data = text.slice(start.length, start.length + ADDRESS_WORDS_MAX);
  if (!text.startsWith(start) || data.length < BEGINNING_MIN) return undefined;
  let value = 0n;
  for (const character of data) {
    const word = bech32mWord(character);
    if (word === undefined) return undefined;
    value = (value << 5n) | BigInt(word);
  }
  return rangeOf(value, 5 * data.length);
}

/** All hashes whose first bits are those of a number. */
function rangeOf(value: bigint, bits: number): HashRange {
  const rest = BigInt(256 - bits);
  const after = (value + 1n) << rest;
  return {
    from: hashOf(value << rest),
    to: after === 1n << 256n ? undefined : hashOf(after),
    isWhole: bits === 256,
  };
}

function hashOf(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, '0'));
}
