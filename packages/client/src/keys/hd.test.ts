import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError } from '@calin/core/base/assert.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { publicKeyOf } from '@calin/core/crypto/signature.ts';
import { accountKey, accountPath, deriveKey } from './hd.ts';
import { mnemonicToSeed } from './mnemonic.ts';

type Row = readonly [path: string, secretKey: string, publicKey: string];

/** SLIP-0010, "Test vector 1 for ed25519". Public keys without the zero byte that the document puts in front. */
const VECTOR_1: readonly Row[] = [
  [
    'm',
    '2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7',
    'a4b2856bfec510abab89753fac1ac0e1112364e7d250545963f135f2a33188ed',
  ],
  [
    "m/0'",
    '68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3',
    '8c8a13df77a28f3445213a0f432fde644acaa215fc72dcdf300d5efaa85d350c',
  ],
  [
    "m/0'/1'",
    'b1d0bad404bf35da785a64ca1ac54b2617211d2777696fbffaf208f746ae84f2',
    '1932a5270f335bed617d5b935c80aedb1a35bd9fc1e31acafd5372c30f5c1187',
  ],
  [
    "m/0'/1'/2'",
    '92a5b23c0b8a99e37d07df3fb9966917f5d06e02ddbd909c7e184371463e9fc9',
    'ae98736566d30ed0e9d2f4486a64bc95740d89c7db33f52121f8ea8f76ff0fc1',
  ],
  [
    "m/0'/1'/2'/2'",
    '30d1dc7e5fc04c31219ab25a27ae00b50f6fd66622f6e9c913253d6511d1e662',
    '8abae2d66361c879b900d204ad2cc4984fa2aa344dd7ddc46007329ac76c429c',
  ],
  [
    "m/0'/1'/2'/2'/1000000000'",
    '8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793',
    '3c24da049451555d51a7014a37337aa4e12d41e485abccfa46b47dfb2af54b7a',
  ],
];

/** SLIP-0010, "Test vector 2 for ed25519". */
const VECTOR_2: readonly Row[] = [
  [
    'm',
    '171cb88b1b3c1db25add599712e36245d75bc65a1a5c9e18d76f9f2b1eab4012',
    '8fe9693f8fa62a4305a140b9764c5ee01e455963744fe18204b4fb948249308a',
  ],
  [
    "m/0'",
    '1559eb2bbec5790b0c65d8693e4d0875b1747f4970ae8b650486ed7470845635',
    '86fab68dcb57aa196c77c5f264f215a112c22a912c10d123b0d03c3c28ef1037',
  ],
  [
    "m/0'/2147483647'",
    'ea4f5bfe8694d8bb74b7b59404632fd5968b774ed545e810de9c32a4fb4192f4',
    '5ba3b9ac6e90e83effcd25ac4e58a1365a9e35a3d3ae5eb07b9e4d90bcf7506d',
  ],
  [
    "m/0'/2147483647'/1'",
    '3757c7577170179c7868353ada796c839135b3d30554bbb74a4b1e4a5a58505c',
    '2e66aa57069c86cc18249aecf5cb5a9cebbfd6fadeab056254763874a9352b45',
  ],
  [
    "m/0'/2147483647'/1'/2147483646'",
    '5837736c89570de861ebc173b1086da4f505d4adb387c6a1b1342d5e4ac9ec72',
    'e33c0f7d81d843c572275f287498e8d408654fdf0d1e065b84e2e6f157aab09b',
  ],
  [
    "m/0'/2147483647'/1'/2147483646'/2'",
    '551d333177df541ad876a60ea71f00447931c0a9da16f227c11ea080d7391b8d',
    '47150c75db263559a70d5778bf36abbab30fb061ad69f69ece61a72b0cfa4fc0',
  ],
];

const SEED_1 = fromHex('000102030405060708090a0b0c0d0e0f');
const SEED_2 = fromHex(
  'fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542',
);

describe('SLIP-0010', () => {
  for (const [number, seed, rows] of [
    [1, SEED_1, VECTOR_1],
    [2, SEED_2, VECTOR_2],
  ] as const) {
    for (const [path, secretKey, publicKey] of rows) {
      it(`test vector ${number} for ed25519, ${path}`, () => {
        const derived = deriveKey(seed, path);
        assert.ok(derived.ok);
        assert.equal(toHex(derived.value.secretKey), secretKey);
        assert.equal(toHex(derived.value.publicKey), publicKey);
        assert.equal(derived.value.path, path);
      });
    }
  }
});

describe('a path', () => {
  const malformed = [
    '',
    'M',
    "44'/1'",
    'm/',
    "m/0'/",
    "m//0'",
    'm/0',
    "m/0'/1",
    'm/0h',
    "m/00'",
    "m/-1'",
    "m/1.5'",
    "m/1e3'",
    "m/ 1'",
    "m/2147483648'",
    "m/99999999999'",
    "m/0'\n",
    `m${"/0'".repeat(11)}`,
    `m${"/0'".repeat(100_000)}`,
  ];
  for (const path of malformed) {
    it(`is refused as ${JSON.stringify(path.slice(0, 40))}`, () => {
      const refused = deriveKey(SEED_1, path);
      assert.ok(!refused.ok);
      assert.equal(refused.error.rule, 'keys/path');
    });
  }

  it('may have ten steps', () => assert.ok(deriveKey(SEED_1, `m${"/0'".repeat(10)}`).ok));

  it('needs a seed of 16 to 64 bytes', () => {
    for (const length of [0, 15, 65])
      assert.throws(() => deriveKey(new Uint8Array(length), 'm'), AssertionError);
  });
});

describe('accounts', () => {
  const seed = mnemonicToSeed('legal winner thank year wave sausage worth useful legal winner thank yellow');

  it('stand at the path that is documented', () => {
    assert.equal(accountPath(0), "m/44'/1'/0'/0'");
    assert.equal(accountPath(7), "m/44'/1'/7'/0'");
    const third = accountKey(seed, 3);
    const derived = deriveKey(seed, "m/44'/1'/3'/0'");
    assert.ok(derived.ok);
    assert.deepEqual(third, derived.value);
    assert.equal(toHex(publicKeyOf(third.secretKey)), toHex(third.publicKey));
  });

  it('all differ', () => {
    const keys = Array.from({ length: 20 }, (_, index) => toHex(accountKey(seed, index).secretKey));
    assert.equal(new Set(keys).size, 20);
  });

  it('are numbered from 0 to 2^31 − 1', () => {
    assert.equal(accountKey(seed, 2 ** 31 - 1).path, "m/44'/1'/2147483647'/0'");
    for (const index of [-1, 0.5, 2 ** 31, Number.NaN]) {
      assert.throws(() => accountKey(seed, index), AssertionError);
    }
  });

  // Computed once by this code; a change here means that people's phrases give other addresses.
  it('of a known phrase never change', () => {
    assert.equal(
      toHex(accountKey(seed, 0).publicKey),
      'b8b032dcce5bee430db9357049b0675dfc3b851d32029590f4d0e2100ce3cd07',
    );
  });
});
