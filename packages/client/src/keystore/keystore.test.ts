import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { publicKeyOf } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { accountKey } from '../keys/hd.ts';
import { mnemonicToSeed } from '../keys/mnemonic.ts';
import { argon2idWasm } from './argon2id.ts';
import { hashInPlaceOfArgon2id, SECRET_KEY, testOptions } from './keystore.testing.ts';
import { type KeystoreSecret, openKeystore, sealKeystore } from './keystore.ts';
import { formatKeystoreFile, headerBytes, type KeystoreFile, parseKeystoreFile } from './keystore-file.ts';
import { DEFAULT_KDF } from './seal.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const KEY: KeystoreSecret = { kind: 'secret-key', secretKey: SECRET_KEY };
const WORDS: KeystoreSecret = { kind: 'mnemonic', mnemonic: PHRASE };
const fast = testOptions(hashInPlaceOfArgon2id);

async function seal(
  secret: KeystoreSecret = KEY,
  password = 'correct horse',
  options = {},
): Promise<KeystoreFile> {
  const sealed = await sealKeystore(secret, password, { ...fast, ...options });
  assert.ok(sealed.ok);
  return sealed.value;
}

async function ruleOf(file: KeystoreFile, password = 'correct horse'): Promise<string | undefined> {
  const opened = await openKeystore(file, password, fast);
  return opened.ok ? undefined : opened.error.rule;
}

describe('a sealed key', () => {
  for (const [name, secret] of [
    ['secret key', KEY],
    ['phrase', WORDS],
  ] as const) {
    it(`opens with the password, a ${name}, through its text and real Argon2id`, async () => {
      const options = { ...testOptions(argon2idWasm), name: 'savings', createdAtMs: 1_700_000_000_000 };
      const sealed = await sealKeystore(secret, 'correct horse', options);
      assert.ok(sealed.ok);
      const parsed = parseKeystoreFile(formatKeystoreFile(sealed.value));
      assert.ok(parsed.ok);
      assert.deepEqual(parsed.value, sealed.value);
      const opened = await openKeystore(parsed.value, 'correct horse', options);
      assert.ok(opened.ok);
      assert.deepEqual(opened.value.secret, secret);
      assert.equal(toHex(publicKeyOf(opened.value.secretKey)), toHex(parsed.value.publicKey));
      assert.equal(parsed.value.address, formatAddress(keyAddress(opened.value.publicKey), 'dcal'));
    });
  }

  it('of a phrase stands for account 0', async () => {
    const { publicKey } = accountKey(mnemonicToSeed(PHRASE), 0);
    assert.deepEqual((await seal(WORDS)).publicKey, publicKey);
  });

  it('opens with the default cost', async () => {
    const options = { ...testOptions(argon2idWasm), kdf: DEFAULT_KDF };
    const sealed = await sealKeystore(KEY, 'x', options);
    assert.ok(sealed.ok);
    assert.deepEqual(
      { ...sealed.value.kdf, salt: undefined },
      { memoryKiB: 65_536, passes: 3, parallelism: 1, salt: undefined },
    );
    assert.ok((await openKeystore(sealed.value, 'x', options)).ok);
  });

  it('is not touched: the secret of the caller stays, and nothing of it stands in the file', async () => {
    const secretKey = SECRET_KEY.slice();
    const text = formatKeystoreFile(await seal({ kind: 'secret-key', secretKey }));
    assert.deepEqual(secretKey, SECRET_KEY);
    assert.ok(!text.includes(toHex(SECRET_KEY).slice(0, 16)));
    assert.ok(!formatKeystoreFile(await seal(WORDS)).includes('sausage'));
  });

  it('has a salt and a nonce of its own', async () => {
    const [a, b] = [await seal(), await seal()];
    assert.notDeepEqual(a.kdf.salt, b.kdf.salt);
    assert.notDeepEqual(a.nonce, b.nonce);
  });
});

describe('a password', () => {
  it('that is wrong is refused, and so is an empty one', async () => {
    const file = await seal();
    for (const password of ['', ' ', 'correct horse ', 'Correct horse', 'correct  horse']) {
      assert.equal(await ruleOf(file, password), 'keystore/wrong-password', JSON.stringify(password));
    }
    const sealed = await sealKeystore(KEY, '', fast);
    assert.ok(!sealed.ok);
    assert.equal(sealed.error.rule, 'keystore/empty-password');
  });

  it('is the same however its letters are composed (NFKC)', async () => {
    const file = await seal(KEY, 'caf\u00e9 \ufb01x \u2460');
    assert.equal(await ruleOf(file, 'cafe\u0301 fix 1'), undefined);
    assert.equal(await ruleOf(file, 'cafe fix 1'), 'keystore/wrong-password');
  });
});

describe('a changed file does not open', () => {
  const other = keyAddress(publicKeyOf(new Uint8Array(32).fill(1)));

  it('whatever field was changed', async () => {
    const file = await seal(KEY, 'correct horse', { name: 'savings', createdAtMs: 5 });
    const { name: _name, ...unnamed } = file;
    const { createdAtMs: _createdAtMs, ...undated } = file;
    const changes: Record<string, KeystoreFile> = {
      name: { ...file, name: 'saving' },
      'no name': unnamed,
      'an empty name': { ...file, name: '' },
      address: { ...file, address: formatAddress(other, 'dcal') },
      'the network of the address': { ...file, address: formatAddress(keyAddress(file.publicKey), 'cal') },
      publicKey: { ...file, publicKey: publicKeyOf(new Uint8Array(32).fill(1)) },
      createdAtMs: { ...file, createdAtMs: 6 },
      'no date': undated,
      memoryKiB: { ...file, kdf: { ...file.kdf, memoryKiB: 9 } },
      passes: { ...file, kdf: { ...file.kdf, passes: 2 } },
      salt: { ...file, kdf: { ...file.kdf, salt: file.kdf.salt.with(0, 255) } },
      'a longer salt': { ...file, kdf: { ...file.kdf, salt: new Uint8Array(17) } },
      nonce: { ...file, nonce: file.nonce.with(0, 255) },
    };
    assert.equal(await ruleOf(file), undefined);
    for (const [what, changed] of Object.entries(changes)) {
      assert.equal(await ruleOf(changed), 'keystore/wrong-password', what);
    }
  });

  it('even where the key derivation would not notice, since the header is authenticated', async () => {
    const constantKey = { ...fast, argon2id: () => Promise.resolve(new Uint8Array(32).fill(3)) };
    const file = await seal(KEY, 'correct horse', constantKey);
    assert.ok((await openKeystore(file, 'correct horse', constantKey)).ok);
    for (const kdf of [
      { ...file.kdf, memoryKiB: 9 },
      { ...file.kdf, passes: 2 },
      { ...file.kdf, memoryKiB: 16, parallelism: 2 },
      { ...file.kdf, salt: file.kdf.salt.with(15, 0) },
    ]) {
      assert.equal((await openKeystore({ ...file, kdf }, 'correct horse', constantKey)).ok, false);
    }
    const address = formatAddress(other, 'dcal');
    assert.equal((await openKeystore({ ...file, address }, 'correct horse', constantKey)).ok, false);
  });

  it('at any bit of the ciphertext, cut short or made longer', async () => {
    const file = await seal();
    for (let bit = 0; bit < 8 * file.ciphertext.length; bit++) {
      const byte = bit >> 3;
      const ciphertext = file.ciphertext.with(byte, (file.ciphertext[byte] as number) ^ (1 << (bit & 7)));
      assert.equal(await ruleOf({ ...file, ciphertext }), 'keystore/wrong-password', `bit ${bit}`);
    }
    assert.equal(await ruleOf({ ...file, ciphertext: file.ciphertext.slice(1) }), 'keystore/wrong-password');
    const longer = new Uint8Array([...file.ciphertext, 0]);
    assert.equal(await ruleOf({ ...file, ciphertext: longer }), 'keystore/wrong-password');
  });
});

describe('content that is authentic and wrong is refused', () => {
  /** Seals bytes that {@link sealKeystore} would never write, with the right key. */
  async function forge(plaintext: Uint8Array): Promise<KeystoreFile> {
    const file = await seal();
    const { memoryKiB, passes, parallelism, salt } = file.kdf;
    const password = new TextEncoder().encode('correct horse');
    const key = await fast.argon2id(password, salt, { memoryKiB, passes, parallelism, length: 32 });
    return { ...file, ciphertext: xchacha20poly1305(key, file.nonce, headerBytes(file)).encrypt(plaintext) };
  }

  const bytesOf = (tag: number, text: string) => new Uint8Array([tag, ...new TextEncoder().encode(text)]);
  const wrong: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    'an unknown tag': new Uint8Array(33).fill(2),
    'a key of 31 bytes': new Uint8Array(32),
    'a key of 33 bytes': new Uint8Array(34),
    'another key': new Uint8Array(33).fill(1).with(0, 0),
    'a phrase that is none': bytesOf(1, 'zoo zoo zoo'),
    'a phrase in capitals': bytesOf(1, PHRASE.toUpperCase()),
    'the phrase of another key': bytesOf(1, PHRASE),
    'no UTF-8': Uint8Array.of(1, 0xff),
  };
  for (const [name, plaintext] of Object.entries(wrong)) {
    it(name, async () => assert.equal(await ruleOf(await forge(plaintext)), 'keystore/malformed'));
  }

  it('and the forgery itself works', async () => {
    assert.equal(await ruleOf(await forge(new Uint8Array([0, ...SECRET_KEY]))), undefined);
  });
});

describe('limits', () => {
  it('hold for a file that was not parsed: no memory is asked for', async () => {
    const file = await seal();
    let asked = false;
    const argon2id = () => {
      asked = true;
      return Promise.resolve(new Uint8Array(32));
    };
    const kdf = { ...file.kdf, memoryKiB: 100 * 1024 * 1024 };
    const opened = await openKeystore({ ...file, kdf }, 'correct horse', { argon2id });
    assert.ok(!opened.ok);
    assert.equal(opened.error.rule, 'keystore/parameters');
    assert.equal(asked, false);
  });

  it('of the caller are assertions', async () => {
    const bad = [
      { name: 'x'.repeat(65) },
      { name: '\ud800' },
      { prefix: 'Cal' },
      { kdf: { memoryKiB: 7, passes: 1, parallelism: 1 } },
      { random: () => new Uint8Array(8) },
    ];
    for (const options of bad) {
      await assert.rejects(sealKeystore(KEY, 'x', { ...fast, ...options }), AssertionError);
    }
    const short: KeystoreSecret = { kind: 'secret-key', secretKey: new Uint8Array(31) };
    await assert.rejects(sealKeystore(short, 'x', fast), AssertionError);
    await assert.rejects(sealKeystore({ kind: 'mnemonic', mnemonic: 'zoo' }, 'x', fast), AssertionError);
  });
});
