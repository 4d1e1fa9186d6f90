import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError } from '@calin/core/base/assert.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import fc from 'fast-check';
import { createMnemonic, mnemonicToSeed, parseMnemonic } from './mnemonic.ts';

/**
 * From the published list for BIP-39 (trezor/python-mnemonic, vectors.json, English): entropy, phrase, and the seed
 * with the passphrase TREZOR.
 */
const VECTORS: readonly (readonly [entropy: string, phrase: string, seed: string])[] = [
  [
    '00'.repeat(16),
    `${'abandon '.repeat(11)}about`,
    'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
  ],
  [
    '7f'.repeat(16),
    'legal winner thank year wave sausage worth useful legal winner thank yellow',
    '2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5bd381ee6260e8d9739fce1f607',
  ],
  [
    '80'.repeat(16),
    'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
    'd71de856f81a8acc65e6fc851a38d4d7ec216fd0796d0a6827a3ad6ed5511a30fa280f12eb2e47ed2ac03b5c462a0358d18d69fe4f985ec81778c1b370b652a8',
  ],
  [
    'ff'.repeat(16),
    `${'zoo '.repeat(11)}wrong`,
    'ac27495480225222079d7be181583751e86f571027b0497b5b5d11218e0a8a13332572917f0f8e5a589620c6f15b11c61dee327651a14c34e18231052e48c069',
  ],
  [
    '00'.repeat(24),
    `${'abandon '.repeat(17)}agent`,
    '035895f2f481b1b0f01fcf8c289c794660b289981a78f8106447707fdd9666ca06da5a9a565181599b79f53b844d8a71dd9f439c52a3d7b3e8a79c906ac845fa',
  ],
  [
    'ff'.repeat(24),
    `${'zoo '.repeat(17)}when`,
    '0cd6e5d827bb62eb8fc1e262254223817fd068a74b5b449cc2f667c3f1f985a76379b43348d952e2265b4cd129090758b3e3c2c49103b5051aac2eaeb890a528',
  ],
  [
    '00'.repeat(32),
    `${'abandon '.repeat(23)}art`,
    'bda85446c68413707090a52022edd26a1c9462295029f2e60cd7c4f2bbd3097170af7a4d73245cafa9c3cca8d561a7c3de6f5d4a10be8ed2a5e608d68f92fcc8',
  ],
  [
    '7f'.repeat(32),
    'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title',
    'bc09fca1804f7e69da93c2f2028eb238c227f2e9dda30cd63699232578480a4021b146ad717fbb7e451ce9eb835f43620bf5c514db0f8add49f5d121449d3e87',
  ],
  [
    'ff'.repeat(32),
    `${'zoo '.repeat(23)}vote`,
    'dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3992c456cdf60f5d4564b8ba3f05a69890ad',
  ],
  [
    '9e885d952ad362caeb4efe34a8e91bd2',
    'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic',
    '274ddc525802f7c828d8ef7ddbcdc5304e87ac3535913611fbbfa986d0c9e5476c91689f9c8a54fd55bd38606aa6a8595ad213d4c9c9f9aca3fb217069a41028',
  ],
  [
    '68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c',
    'hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length',
    '64c87cde7e12ecf6704ab95bb1408bef047c22db4cc7491c4271d170a1b213d20b385bc1588d9c7b38f1b39d415665b8a9030c9ec653d75e65f847d8fc1fc440',
  ],
  [
    'f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f',
    'void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold',
    '01f5bced59dec48e362f2c45b5de68b9fd6c92c6634f44d6d40aab69056506f0e35524a518034ddc1192e1dacd32c1ed3eaa3c3b131c88ed8e7e54c49a5d0998',
  ],
];

describe('BIP-39, published vectors', () => {
  for (const [entropy, phrase, seed] of VECTORS) {
    const words = phrase.split(' ').length;
    it(`${words} words of ${entropy}`, () => {
      if (words === 12 || words === 24) {
        assert.equal(
          createMnemonic(words, () => fromHex(entropy)),
          phrase,
        );
      }
      assert.deepEqual(parseMnemonic(phrase), { ok: true, value: phrase });
      assert.equal(toHex(mnemonicToSeed(phrase, 'TREZOR')), seed);
    });
  }
});

describe('createMnemonic', () => {
  it('uses as much entropy as BIP-39 says, all of it', () => {
    const asked: number[] = [];
    const phrases = new Set<string>();
    for (let byte = 0; byte < 32; byte++) {
      phrases.add(
        createMnemonic(24, (length) => {
          asked.push(length);
          return new Uint8Array(length).with(byte, 1);
        }),
      );
    }
    createMnemonic(12, (length) => {
      asked.push(length);
      return new Uint8Array(length);
    });
    assert.equal(phrases.size, 32);
    assert.deepEqual(new Set(asked.slice(0, 32)), new Set([32]));
    assert.equal(asked[32], 16);
  });

  it('asserts on a source that gives too little', () => {
    assert.throws(() => createMnemonic(24, () => new Uint8Array(16)), AssertionError);
  });
});

describe('parseMnemonic', () => {
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

  it('does not mind case, spacing and width of letters', () => {
    for (const text of [
      phrase.toUpperCase(),
      `  ${phrase.replaceAll(' ', '\n  ')}\t`,
      phrase.replace('legal', 'ｌｅｇａｌ'),
      phrase.replaceAll(' ', '\u3000'),
    ]) {
      assert.deepEqual(parseMnemonic(text), { ok: true, value: phrase }, text);
    }
  });

  it('names the word that is not listed, its place and words that start alike', () => {
    const refused = parseMnemonic(phrase.replace('sausage', 'sausege'));
    assert.ok(!refused.ok);
    assert.equal(refused.error.rule, 'keys/mnemonic-word');
    assert.deepEqual(refused.error.evidence, { word: 'sausege', place: 6, similar: 'sausage' });
    assert.ok(!JSON.stringify(refused).includes('winner'), 'no other word of the phrase is told');
  });

  it('cuts a word that is no word', () => {
    const refused = parseMnemonic(`${'x'.repeat(200)} legal`);
    assert.ok(!refused.ok);
    assert.deepEqual(refused.error.evidence, { word: 'x'.repeat(32), place: 1, similar: '' });
  });

  it('refuses other numbers of words', () => {
    for (const words of [0, 1, 11, 13, 16, 23, 25]) {
      const refused = parseMnemonic('zoo '.repeat(words));
      assert.ok(!refused.ok);
      assert.equal(refused.error.rule, 'keys/mnemonic-length');
      assert.equal(refused.error.evidence['got'], words);
    }
    const long = parseMnemonic('zoo '.repeat(1000));
    assert.ok(!long.ok);
    assert.equal(long.error.rule, 'keys/mnemonic-length');
  });

  it('refuses words whose checksum is wrong, such as two swapped ones', () => {
    for (const text of [phrase.replace('yellow', 'year'), phrase.replace('legal winner', 'winner legal')]) {
      const refused = parseMnemonic(text);
      assert.ok(!refused.ok);
      assert.equal(refused.error.rule, 'keys/mnemonic-checksum');
    }
  });

  it('accepts every phrase that was made', () => {
    const entropy = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
    );
    fc.assert(
      fc.property(entropy, (bytes) => {
        const made = createMnemonic(bytes.length === 16 ? 12 : 24, () => bytes);
        assert.deepEqual(parseMnemonic(made), { ok: true, value: made });
      }),
    );
  });
});

describe('mnemonicToSeed', () => {
  const phrase = VECTORS[0]?.[1] as string;

  it('gives another wallet for every passphrase, the same for either form of its letters', () => {
    assert.notEqual(toHex(mnemonicToSeed(phrase)), toHex(mnemonicToSeed(phrase, ' ')));
    assert.equal(toHex(mnemonicToSeed(phrase, 'caf\u00e9')), toHex(mnemonicToSeed(phrase, 'cafe\u0301')));
  });

  it('asserts on a phrase that was not parsed', () => {
    assert.throws(() => mnemonicToSeed('zoo zoo zoo'), AssertionError);
  });
});
