import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Argon2id, argon2idWasm } from '@calin/client/keystore/argon2id.ts';
import { openKeystore, sealKeystore } from '@calin/client/keystore/keystore.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import fc from 'fast-check';
import { argon2idNode } from './argon2id.ts';

const BOTH: readonly (readonly [name: string, argon2id: Argon2id])[] = [
  ['Node', argon2idNode],
  ['WebAssembly', argon2idWasm],
];

/**
 * From the tests of the reference implementation (P-H-C/phc-winner-argon2, src/test.c, Argon2id version 0x13):
 * password "password", salt "somesalt".
 */
const REFERENCE: readonly (readonly [passes: number, memoryKiB: number, parallelism: number, tag: string])[] =
  [
    [2, 65_536, 1, '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'],
    [2, 256, 1, '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe'],
    [2, 256, 2, '6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037'],
  ];

describe('RFC 9106, section 5.3', () => {
  it('is met by Node, whose Argon2id takes the secret and the associated data of that vector', () => {
    const tag = argon2Sync('argon2id', {
      message: new Uint8Array(32).fill(1),
      nonce: new Uint8Array(16).fill(2),
      secret: new Uint8Array(8).fill(3),
      associatedData: new Uint8Array(12).fill(4),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    });
    assert.equal(toHex(tag), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
  });
});

describe('the reference implementation', () => {
  for (const [name, argon2id] of BOTH) {
    for (const [passes, memoryKiB, parallelism, tag] of REFERENCE) {
      it(`is met by ${name} with ${memoryKiB} KiB, ${passes} passes and ${parallelism} lanes`, async () => {
        const parameters = { passes, memoryKiB, parallelism, length: 32 };
        assert.equal(toHex(await argon2id(utf8Bytes('password'), utf8Bytes('somesalt'), parameters)), tag);
      });
    }
  }
});

describe('both', () => {
  it('give the same bytes', async () => {
    const parameters = fc.integer({ min: 1, max: 4 }).chain((parallelism) =>
      fc.record({
        parallelism: fc.constant(parallelism),
        memoryKiB: fc.integer({ min: 8 * parallelism, max: 100 }),
        passes: fc.integer({ min: 1, max: 3 }),
        length: fc.integer({ min: 4, max: 80 }),
      }),
    );
    const passwords = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const salts = fc.uint8Array({ minLength: 8, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(passwords, salts, parameters, async (password, salt, chosen) => {
        const [node, wasm] = [
          await argon2idNode(password, salt, chosen),
          await argon2idWasm(password, salt, chosen),
        ];
        assert.equal(node.length, chosen.length);
        assert.equal(toHex(node), toHex(wasm));
      }),
      { numRuns: 40 },
    );
  });

  it('open what the other sealed, at the default cost', async () => {
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const secret = { kind: 'secret-key', secretKey: random(32) } as const;
    for (const [sealing, opening] of [
      [argon2idNode, argon2idWasm],
      [argon2idWasm, argon2idNode],
    ] as const) {
      const sealed = await sealKeystore(secret, 'Passwort', { prefix: 'dcal', random, argon2id: sealing });
      assert.ok(sealed.ok);
      const opened = await openKeystore(sealed.value, 'Passwort', { argon2id: opening });
      assert.deepEqual(opened.ok && opened.value.secret, secret);
    }
  });

  it('reject what they cannot do', async () => {
    for (const [, argon2id] of BOTH) {
      const parameters = { memoryKiB: 1, passes: 1, parallelism: 1, length: 32 };
      await assert.rejects(argon2id(utf8Bytes('x'), new Uint8Array(16), parameters));
    }
  });
});
