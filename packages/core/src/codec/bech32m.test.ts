import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { fuzz } from './bech32m.fuzz.ts';
import {
  BECH32M_LENGTH_MAX,
  bytesToWords,
  encodeBech32m,
  encodeBech32mWords,
  parseBech32m,
  parseBech32mWords,
  wordsToBytes,
} from './bech32m.ts';

/** BIP-350, "Test vectors for Bech32m", the valid strings. */
const VALID = [
  'A1LQFN3A',
  'a1lqfn3a',
  'an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6',
  'abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx',
  '11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8',
  'split1checkupstagehandshakeupstreamerranterredcaperredlc445v',
  '?1v759aa',
];

/** BIP-350, the strings that are not valid bech32m, each with what this parser says of it. */
const INVALID: readonly (readonly [text: string, why: RegExp])[] = [
  ['\x201xj0phk', /out of range/],
  ['\x7f1g6xzxy', /out of range/],
  ['\x801vctc34', /out of range/],
  ['an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4', /too long/],
  ['qyrz8wqd2c9m', /no separator/],
  ['1qyrz8wqd2c9m', /prefix is empty/],
  ['y1b0jsk6g', /not allowed/],
  ['lt1igcx5c0', /not allowed/],
  ['in1muywd', /too short/],
  ['mm1crxm3i', /not allowed/],
  ['au1s5cgom', /not allowed/],
  ['M1VUXWEZ', /does not match/],
  ['16plkw9', /prefix is empty/],
  ['1p2gdwpf', /prefix is empty/],
];

/** BIP-350, the valid segregated witness addresses of versions above 0: version word and program. */
const ADDRESSES: readonly (readonly [text: string, version: number, program: string])[] = [
  [
    'bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y',
    1,
    '751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6',
  ],
  ['BC1SW50QGDZ25J', 16, '751e'],
  ['bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs', 2, '751e76e8199196d454941c45d1b3a323'],
  [
    'tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c',
    1,
    '000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433',
  ],
  [
    'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0',
    1,
    '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798',
  ],
];

describe('BIP-350', () => {
  for (const text of VALID) {
    it(`accepts ${text}`, () => {
      const parsed = parseBech32mWords(text);
      assert.ok(parsed.ok);
      assert.equal(encodeBech32mWords(parsed.value.prefix, parsed.value.words), text.toLowerCase());
    });
  }

  for (const [text, why] of INVALID) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      const parsed = parseBech32m(text);
      assert.ok(!parsed.ok);
      assert.equal(parsed.error.rule, 'codec/address');
      assert.match(String(parsed.error.evidence['why']), why);
    });
  }

  for (const [text, version, program] of ADDRESSES) {
    it(`reads the program of ${text}`, () => {
      const parsed = parseBech32mWords(text);
      assert.ok(parsed.ok);
      const [first, ...rest] = parsed.value.words;
      assert.equal(first, version);
      const bytes = wordsToBytes(rest);
      assert.ok(bytes !== undefined);
      assert.equal(toHex(bytes), program);
      assert.deepEqual([first, ...bytesToWords(fromHex(program))], parsed.value.words);
    });
  }

  it('refuses the addresses with the checksum of bech32', () => {
    for (const text of [
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd',
      'tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf',
      'BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL',
      'tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7',
    ]) {
      assert.equal(parseBech32mWords(text).ok, false, text);
    }
  });

  it('refuses padding of more than four bits and padding that is not zero', () => {
    for (const text of [
      'bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf',
      'tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j',
    ]) {
      const parsed = parseBech32mWords(text);
      assert.ok(parsed.ok, 'the checksum itself is good');
      assert.equal(wordsToBytes(parsed.value.words.slice(1)), undefined, text);
    }
  });

  it('refuses mixed case and a letter outside the alphabet', () => {
    assert.equal(parseBech32m('tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq').ok, false);
    assert.equal(parseBech32m('bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4').ok, false);
  });
});

describe('bech32m text of bytes', () => {
  const prefixes = fc.constantFrom('cal', 'tcal', 'dcal', '?', 'a1b', '~!"#');

  it('reads back what it wrote, in either case', () => {
    fc.assert(
      fc.property(prefixes, fc.uint8Array({ maxLength: 48 }), (prefix, bytes) => {
        const text = encodeBech32m(prefix, bytes);
        for (const form of [text, text.toUpperCase()]) {
          const parsed = parseBech32m(form);
          assert.ok(parsed.ok);
          assert.equal(parsed.value.prefix, prefix);
          assert.ok(equalBytes(parsed.value.bytes, bytes));
        }
      }),
    );
  });

  it('finds every change of one to four characters, as the code promises', () => {
    const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
    const change = fc.tuple(fc.nat({ max: 57 }), fc.integer({ min: 1, max: 31 }));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uniqueArray(change, { minLength: 1, maxLength: 4, selector: ([at]) => at }),
        (bytes, changes) => {
          const text = [...encodeBech32m('cal', bytes)];
          for (const [at, by] of changes) {
            const old = alphabet.indexOf(text[4 + at] as string);
            text[4 + at] = alphabet[old ^ by] as string;
          }
          assert.equal(parseBech32m(text.join('')).ok, false);
        },
      ),
    );
  });

  it('finds one inserted or removed q before a last p, the weakness of bech32', () => {
    let seen = 0;
    for (let i = 0; i < 2000 && seen < 20; i++) {
      const text = encodeBech32m('cal', Uint8Array.of(i >> 8, i & 255, 7));
      if (!text.endsWith('p')) continue;
      seen++;
      assert.equal(parseBech32mWords(`${text.slice(0, -1)}qp`).ok, false);
    }
    assert.ok(seen > 0);
  });

  it('accepts only the prefixes that were asked for', () => {
    const text = encodeBech32m('tcal', new Uint8Array(32));
    assert.ok(parseBech32m(text, { prefixes: ['cal', 'tcal'] }).ok);
    const refused = parseBech32m(text, { prefixes: ['cal', 'dcal'] });
    assert.ok(!refused.ok);
    assert.deepEqual(refused.error.evidence, { why: 'another prefix', got: 'tcal', expected: 'cal dcal' });
  });

  it('says where a character is not allowed', () => {
    const refused = parseBech32m('cal1qqqbqqqqqq');
    assert.ok(!refused.ok);
    assert.equal(refused.error.evidence['at'], 7);
  });

  it('writes up to 90 characters and asserts beyond', () => {
    const most = new Uint8Array(50);
    assert.equal(encodeBech32m('cal', most).length, BECH32M_LENGTH_MAX);
    assert.throws(() => encodeBech32m('cal', new Uint8Array(51)), /characters of bech32m/);
    for (const prefix of ['', 'Cal', 'c l', 'ö', 'x'.repeat(84)]) {
      assert.throws(() => encodeBech32m(prefix, new Uint8Array(0)), /prefix/, prefix);
    }
    assert.throws(() => encodeBech32mWords('cal', [32]), /word/);
  });

  it('keeps its promises on random text', async () => {
    await fuzz.run(seededRandom(350), 2000);
  });
});
