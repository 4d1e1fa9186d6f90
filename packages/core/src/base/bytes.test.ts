import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AssertionError } from './assert.ts';
import { compareBytes, concatBytes, equalBytes, fromHex, isHex, isZero, parseHex, toHex } from './bytes.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
/** Few different bytes, so that equal prefixes are common. */
const similar = fc.array(fc.constantFrom(0, 1, 255), { maxLength: 4 }).map((list) => Uint8Array.from(list));

describe('comparing', () => {
  it('agrees with Node on equality and on order', () => {
    fc.assert(
      fc.property(similar, similar, (a, b) => {
        assert.equal(equalBytes(a, b), Buffer.from(a).equals(b));
        assert.equal(Math.sign(compareBytes(a, b)), Buffer.compare(a, b));
      }),
    );
  });

  it('is an order fit for sorting', () => {
    fc.assert(
      fc.property(fc.array(similar, { maxLength: 8 }), (list) => {
        const texts = list.toSorted(compareBytes).map(toHex);
        assert.deepEqual(texts, texts.toSorted());
      }),
    );
  });
});

describe('concatBytes and isZero', () => {
  it('join in order and copy', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), (parts) => {
        assert.ok(equalBytes(concatBytes(...parts), Buffer.concat(parts)));
      }),
    );
    const part = Uint8Array.of(1);
    const joined = concatBytes(part);
    joined[0] = 9;
    assert.equal(part[0], 1);
  });

  it('know zeros', () => {
    assert.ok(isZero(new Uint8Array(0)));
    assert.ok(isZero(new Uint8Array(32)));
    for (let i = 0; i < 32; i++) assert.ok(!isZero(new Uint8Array(32).with(i, 1)));
  });
});

describe('hexadecimal', () => {
  it('agrees with Node and reads back either case', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = toHex(value);
        assert.equal(text, Buffer.from(value).toString('hex'));
        assert.deepEqual(parseHex(text), value);
        assert.equal(isHex(text.toUpperCase()), true);
        assert.deepEqual(parseHex(text.toUpperCase()), value);
      }),
    );
  });

  it('refuses odd lengths, other characters, prefixes, spaces and line ends', () => {
    for (const text of ['0', 'abc', '0g', 'zz', '0x00', ' 00', '00 ', '00\n', '+1', '-1', '1.', '١٢']) {
      assert.equal(parseHex(text), undefined, JSON.stringify(text));
      assert.equal(isHex(text), false, JSON.stringify(text));
      assert.throws(() => fromHex(text), AssertionError);
    }
    assert.deepEqual(parseHex(''), new Uint8Array(0));
  });
});
