import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseBase64, toBase64 } from './base64.ts';
import { utf8Bytes } from './text.ts';

describe('base64', () => {
  test('writes the vectors of RFC 4648, section 10', () => {
    const vectors = { '': '', f: 'Zg==', fo: 'Zm8=', foo: 'Zm9v', foob: 'Zm9vYg==', fooba: 'Zm9vYmE=' };
    for (const [text, expected] of Object.entries(vectors)) {
      assert.equal(toBase64(utf8Bytes(text)), expected);
      assert.deepEqual(parseBase64(expected), utf8Bytes(text));
    }
  });

  test('writes what Node writes and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = toBase64(bytes);
        assert.equal(text, Buffer.from(bytes).toString('base64'));
        assert.deepEqual(parseBase64(text), new Uint8Array(bytes));
      }),
    );
  });

  test('reads no text that it would not write', () => {
    for (const text of [
      'Z',
      'Zg',
      'Zg=',
      'Zh==',
      'Zm9=',
      'Zm-v',
      'Zm9\u00e4',
      '====',
      'Zg==Zg==',
      'Zm8=\n',
    ]) {
      assert.equal(parseBase64(text), undefined, text);
    }
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        const bytes = parseBase64(text);
        assert.ok(bytes === undefined || toBase64(bytes) === text);
      }),
    );
  });
});
