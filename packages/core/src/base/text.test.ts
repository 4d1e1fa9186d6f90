import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from './bytes.ts';
import { parseUtf8, utf8Bytes } from './text.ts';

/** The decoder of the Encoding standard, as a twin: fatal, and keeping a byte order mark as text. */
function decodeByStandard(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

describe('UTF-8, RFC 3629', () => {
  it('reads back every code point at the ends of the ranges', () => {
    for (const point of [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x1_0000, 0x10_ffff]) {
      const text = String.fromCodePoint(point);
      assert.equal(parseUtf8(utf8Bytes(text)), text, point.toString(16));
    }
  });

  it('writes a lone surrogate as U+FFFD', () => {
    assert.equal(toHex(utf8Bytes('a\ud800b')), '61efbfbd62');
  });

  const malformed: Record<string, string> = {
    'a continuation byte alone': '80',
    'the end inside a sequence': 'e282',
    'an overlong form of two bytes': 'c080',
    'an overlong form of three bytes': 'e080af',
    'an overlong form of four bytes': 'f08080af',
    'a surrogate': 'eda080',
    'a code point above U+10FFFF': 'f4908080',
    'the byte F5': 'f5808080',
    'the byte FF': 'ff',
    'a letter where a continuation belongs': 'c341',
  };
  for (const [name, hex] of Object.entries(malformed)) {
    it(`refuses ${name}`, () => assert.equal(parseUtf8(fromHex(hex)), undefined));
  }

  it('agrees with the Encoding standard on any bytes', () => {
    const lead = fc.constantFrom(
      0x00,
      0x7f,
      0x80,
      0xbf,
      0xc1,
      0xc2,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
      0xf5,
      0xff,
      0x9f,
      0xa0,
      0x90,
      0x8f,
    );
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.array(lead, { maxLength: 8 }).map((list) => Uint8Array.from(list)),
      fc.string({ unit: 'binary', maxLength: 8 }).map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(anyBytes, (bytes) => assert.equal(parseUtf8(bytes), decodeByStandard(bytes))),
      { numRuns: 2000 },
    );
  });

  it('agrees with the Encoding standard on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        assert.deepEqual(utf8Bytes(text), new Uint8Array(new TextEncoder().encode(text))),
      ),
    );
  });
});
