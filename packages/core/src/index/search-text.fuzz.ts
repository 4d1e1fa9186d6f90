import { assert } from '../base/assert.ts';
import { compareBytes } from '../base/bytes.ts';
import type { FuzzTarget } from '../base/fuzz.testing.ts';
import { decodeKey, encodeKey } from './row-codec.ts';
import { parseSearch } from './search-text.ts';
import { TOKEN_WORDS } from './tables.ts';

const PIECES = [
  '0',
  '9',
  'f',
  '0x',
  '#',
  ',',
  ' ',
  '_',
  "'",
  '-',
  'cal1',
  'q',
  'p',
  'CAL1',
  '1',
  '\0',
  '\ud800',
  '\u{1f600}',
  'İ',
  'ß',
  '%',
  '\\',
  '<b>',
];

/** Any text has a meaning or none: nothing is thrown, ranges are ranges, and a word is a key of the index. */
export const fuzz: FuzzTarget = {
  name: 'index/search-text',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) {
      const length = random.below(70);
      const text = Array.from({ length }, () => random.pick(PIECES))
        .join('')
        .slice(0, 200);
      const { height, asset, ids, addresses, word } = parseSearch(text, 'cal');
      for (const number of [height, asset]) {
        assert(number === undefined || (Number.isSafeInteger(number) && number >= 0), `a number in ${text}`);
      }
      for (const range of [ids, addresses]) {
        if (range === undefined) continue;
        assert(range.from.length === 32 && range.to?.length !== 0, `a range in ${text}`);
        assert(range.to === undefined || compareBytes(range.from, range.to) < 0, `an empty range in ${text}`);
      }
      if (word !== undefined) {
        const [again] = decodeKey(TOKEN_WORDS, encodeKey(TOKEN_WORDS, [word, 0]));
        assert(again === word, `a word that is no key in ${text}`);
      }
    }
  },
};
