import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AssertionError } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

describe('Writer', () => {
  it('writes little-endian numbers', () => {
    const writer = new Writer(1).u8(1).u16(0x0203).u32(0x8405_0607).u53(Number.MAX_SAFE_INTEGER);
    assert.equal(toHex(writer.finish()), '01' + '0302' + '07060584' + 'ffffffffffff1f00');
  });

  it('refuses numbers that do not fit, which only a bug can give', () => {
    const wrong: readonly [keyof Pick<Writer, 'u8' | 'u16' | 'u32' | 'u53'>, number][] = [
      ['u8', 256],
      ['u16', 0x1_0000],
      ['u32', 0x1_0000_0000],
      ['u53', Number.MAX_SAFE_INTEGER + 1],
    ];
    for (const [method, tooLarge] of wrong) {
      for (const value of [tooLarge, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => new Writer()[method](value), AssertionError, `${method}(${value})`);
      }
    }
  });

  it('refuses anything but 32 bytes where 32 belong', () => {
    for (const length of [0, 31, 33]) {
      assert.throws(() => new Writer().hash(new Uint8Array(length)), AssertionError);
    }
    assert.equal(new Writer().hash(new Uint8Array(32)).length, 32);
  });

  it('pads to a multiple of four from where it is told', () => {
    const padded = (before: number, length: number): string => {
      const writer = new Writer().bytes(new Uint8Array(before).fill(0xee));
      const start = writer.length;
      return toHex(writer.bytes(new Uint8Array(length).fill(0xff)).pad4(start).finish());
    };
    assert.equal(padded(0, 0), '');
    assert.equal(padded(1, 1), 'ee' + 'ff000000');
    assert.equal(padded(3, 4), 'eeeeee' + 'ffffffff');
    assert.equal(padded(2, 5), 'eeee' + 'ffffffffff000000');
  });

  it('gives a copy that later writes do not touch', () => {
    const writer = new Writer(16).u8(1);
    const first = writer.finish();
    writer.u8(2);
    assert.deepEqual(first, new Uint8Array([1]));
    assert.deepEqual(writer.finish(), new Uint8Array([1, 2]));
  });

  it('grows from any capacity and is read back', () => {
    const values = fc.array(fc.tuple(fc.maxSafeNat(), fc.uint8Array({ maxLength: 50 })), { maxLength: 20 });
    fc.assert(
      fc.property(fc.nat({ max: 4 }), values, (capacity, pairs) => {
        const writer = new Writer(capacity);
        for (const [number, bytes] of pairs) writer.u53(number).u32(bytes.length).bytes(bytes);
        const reader = new Reader(writer.finish());
        const read = pairs.map(() => [reader.u53(), reader.take(reader.u32())]);
        assert.deepEqual(reader.finish(read), { ok: true, value: pairs });
      }),
    );
  });
});
