import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { argon2idWasm } from './argon2id.ts';
import { SECRET_KEY, testOptions } from './keystore.testing.ts';
import { openKeystore, sealKeystore } from './keystore.ts';
import { fuzz } from './keystore-file.fuzz.ts';
import { formatKeystoreFile, kdfFault, parseKeystoreFile } from './keystore-file.ts';

/** A file of version 1, made once with the password "correct horse"; it must open for ever. */
const VERSION_1 = `{
  "version": 1,
  "kind": "calin-keystore",
  "name": "savings",
  "address": "dcal1a76r46rf94ypzfvmzvjjqm9647hn5mn0papsgt0k4x67kc47zvlqs7d7y0",
  "publicKey": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  "kdf": {
    "name": "argon2id",
    "memoryKiB": 8,
    "passes": 1,
    "parallelism": 1,
    "salt": "000102030405060708090a0b0c0d0e0f"
  },
  "cipher": {
    "name": "xchacha20poly1305",
    "nonce": "101112131415161718191a1b1c1d1e1f2021222324252627"
  },
  "ciphertext": "809a6d1b067d17cb75d6ff2bd376a626c75fdf28dc9f67c0b1573b299bc969b486af998cac53ac9e736286acae5f825997",
  "createdAtMs": 1700000000000
}
`;

type Json = Record<string, unknown> & { kdf: Record<string, unknown>; cipher: Record<string, unknown> };

/** The text with one change. */
function changed(change: (file: Json) => void): string {
  const file = JSON.parse(VERSION_1) as Json;
  change(file);
  return JSON.stringify(file);
}

function refusalOf(text: string): { rule: string; evidence: unknown } {
  const parsed = parseKeystoreFile(text);
  assert.ok(!parsed.ok, text);
  return parsed.error;
}

describe('version 1', () => {
  it('opens for ever, and is written to the byte', async () => {
    const parsed = parseKeystoreFile(VERSION_1);
    assert.ok(parsed.ok);
    assert.equal(formatKeystoreFile(parsed.value), VERSION_1);
    const opened = await openKeystore(parsed.value, 'correct horse', { argon2id: argon2idWasm });
    assert.ok(opened.ok);
    assert.deepEqual(opened.value.secret, { kind: 'secret-key', secretKey: SECRET_KEY });
    const options = { ...testOptions(argon2idWasm), name: 'savings', createdAtMs: 1_700_000_000_000 };
    const sealed = await sealKeystore(opened.value.secret, 'correct horse', options);
    assert.ok(sealed.ok);
    assert.equal(formatKeystoreFile(sealed.value), VERSION_1);
  });

  it('may be without name and date, laid out otherwise and in capitals', () => {
    const minimal = parseKeystoreFile(
      changed((file) => {
        delete file['name'];
        delete file['createdAtMs'];
      }),
    );
    assert.ok(minimal.ok);
    assert.equal('name' in minimal.value, false);
    assert.equal('createdAtMs' in minimal.value, false);
    const capitals = parseKeystoreFile(
      changed((file) => {
        for (const field of ['address', 'publicKey', 'ciphertext']) {
          file[field] = String(file[field]).toUpperCase();
        }
      }),
    );
    assert.ok(capitals.ok);
    assert.equal(formatKeystoreFile(capitals.value), VERSION_1);
  });
});

describe('a file is refused', () => {
  it('with another version, before anything else of it is read', () => {
    for (const version of [0, 2, 99, 1.5]) {
      const text = JSON.stringify({ version, kind: 'calin-keystore' });
      assert.equal(refusalOf(text).rule, 'keystore/unknown-version');
    }
  });

  it('with settings outside the limits', () => {
    const settings: Record<string, unknown>[] = [
      { memoryKiB: 100 * 1024 * 1024 },
      { memoryKiB: 1_048_577 },
      { memoryKiB: 7 },
      { memoryKiB: 0 },
      { memoryKiB: -1 },
      { memoryKiB: 31, parallelism: 4 },
      { passes: 0 },
      { passes: 65 },
      { parallelism: 0 },
      { parallelism: 17 },
      { parallelism: -4 },
      { memoryKiB: 1_048_576, passes: 5 },
      { salt: '00'.repeat(15) },
      { salt: '' },
    ];
    for (const setting of settings) {
      const text = changed((file) => Object.assign(file.kdf, setting));
      assert.equal(refusalOf(text).rule, 'keystore/parameters', JSON.stringify(setting));
    }
  });

  it('and the ends of the limits are accepted', () => {
    for (const setting of [
      { memoryKiB: 1_048_576, passes: 4, parallelism: 16 },
      { memoryKiB: 65_536, passes: 64 },
      { salt: '00'.repeat(64) },
    ]) {
      assert.ok(parseKeystoreFile(changed((file) => Object.assign(file.kdf, setting))).ok);
    }
  });

  const malformed: Record<string, string> = {
    'no JSON': 'calin',
    empty: '',
    'a list': '[]',
    null: 'null',
    'too long': VERSION_1 + ' '.repeat(8192),
    'another kind': changed((file) => Object.assign(file, { kind: 'ethereum' })),
    'no kind': changed((file) => void delete file['kind']),
    'no version': changed((file) => void delete file['version']),
    'a version that is text': changed((file) => Object.assign(file, { version: '1' })),
    'no kdf': changed((file) => Object.assign(file, { kdf: null })),
    'another kdf': changed((file) => Object.assign(file.kdf, { name: 'scrypt' })),
    'half a KiB': changed((file) => Object.assign(file.kdf, { memoryKiB: 8.5 })),
    'memory as text': changed((file) => Object.assign(file.kdf, { memoryKiB: '8' })),
    'a salt that is too long': changed((file) => Object.assign(file.kdf, { salt: '00'.repeat(65) })),
    'another cipher': changed((file) => Object.assign(file.cipher, { name: 'none' })),
    'a short nonce': changed((file) => Object.assign(file.cipher, { nonce: '00'.repeat(23) })),
    'a ciphertext shorter than its tag': changed((file) =>
      Object.assign(file, { ciphertext: '00'.repeat(15) }),
    ),
    'a ciphertext that is too long': changed((file) => Object.assign(file, { ciphertext: '00'.repeat(513) })),
    'a ciphertext that is no hex': changed((file) => Object.assign(file, { ciphertext: 'xy' })),
    'a short public key': changed((file) => Object.assign(file, { publicKey: '00'.repeat(31) })),
    'the address of another key': changed((file) => Object.assign(file, { publicKey: '00'.repeat(32) })),
    'an address with a typing error': changed((file) =>
      Object.assign(file, { address: `${String(file['address']).slice(0, -1)}q` }),
    ),
    'an unknown field': changed((file) => Object.assign(file, { hint: 'horse' })),
    'a long name': changed((file) => Object.assign(file, { name: 'x'.repeat(65) })),
    'half a character as name': changed((file) => Object.assign(file, { name: '\ud800' })),
    'a date before 1970': changed((file) => Object.assign(file, { createdAtMs: -1 })),
  };
  for (const [name, text] of Object.entries(malformed)) {
    it(`as malformed: ${name}`, () => assert.equal(refusalOf(text).rule, 'keystore/malformed'));
  }
});

describe('kdfFault', () => {
  it('also knows numbers that JSON cannot write', () => {
    const good = { memoryKiB: 8, passes: 1, parallelism: 1, salt: new Uint8Array(16) };
    assert.equal(kdfFault(good), undefined);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, 2 ** 53]) {
      assert.ok(kdfFault({ ...good, memoryKiB: value }));
      assert.ok(kdfFault({ ...good, passes: value }));
      assert.ok(kdfFault({ ...good, parallelism: value }));
    }
  });
});

describe('damaged files', () => {
  it('are refused or say the same', async () => {
    await fuzz.run(seededRandom(1), 1500);
  });
});
