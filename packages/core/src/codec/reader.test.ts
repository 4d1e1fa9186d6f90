import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AssertionError } from '../base/assert.ts';
import { fromHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from './reader.ts';

function ruleOf(result: Result<unknown>): string | undefined {
  return result.ok ? undefined : result.error.rule;
}

describe('Reader', () => {
  it('reads little-endian numbers', () => {
    const reader = new Reader(fromHex('01' + '0302' + '07060504' + 'ffffffffffff1f00'));
    assert.equal(reader.u8(), 1);
    assert.equal(reader.u16(), 0x0203);
    assert.equal(reader.u32(), 0x0405_0607);
    assert.equal(reader.u53(), Number.MAX_SAFE_INTEGER);
    assert.deepEqual(reader.finish('done'), { ok: true, value: 'done' });
  });

  it('reads a u32 above 2^31 as a positive number', () => {
    assert.equal(new Reader(fromHex('ffffffff')).u32(), 0xffff_ffff);
  });

  it('refuses a u64 above 2^53 − 1', () => {
    for (const bytes of ['0000000000002000', 'ffffffffffffffff', '0000000000000080']) {
      const reader = new Reader(fromHex(bytes));
      assert.equal(reader.u53(), 0);
      assert.equal(ruleOf(reader.finish(0)), 'codec/number-too-large');
    }
  });

  it('gives zeros after the first fault and remembers only that one', () => {
    const reader = new Reader(fromHex('aabb'));
    assert.equal(reader.u32(), 0);
    reader.fail('codec/text');
    assert.equal(reader.u8(), 0);
    assert.equal(reader.u53(), 0);
    assert.equal(reader.take(1).length, 0);
    assert.deepEqual(reader.hash(), new Uint8Array(32));
    assert.equal(reader.count(1, 1, 0), 0);
    reader.pad4(1);
    assert.equal(reader.offset, 0);
    const result = reader.finish(0);
    assert.equal(ruleOf(result), 'codec/truncated');
    assert.deepEqual(result.ok ? undefined : result.error.evidence, { offset: 0, expected: 4, got: 2 });
  });

  it('refuses bytes after the end', () => {
    const reader = new Reader(fromHex('0102'));
    reader.u8();
    assert.equal(ruleOf(reader.finish(0)), 'codec/trailing-bytes');
  });

  it('skips zero padding up to a multiple of four from where it is told, and refuses other padding', () => {
    const reader = new Reader(fromHex('ff' + '01' + '000000' + '02'));
    reader.u8();
    const start = reader.offset;
    reader.u8();
    reader.pad4(start);
    assert.equal(reader.u8(), 2);
    assert.deepEqual(reader.finish(7), { ok: true, value: 7 });
    const dirty = new Reader(fromHex('01000100'));
    dirty.u8();
    dirty.pad4(0);
    assert.equal(ruleOf(dirty.result(0)), 'codec/not-canonical');
    const short = new Reader(fromHex('0100'));
    short.u8();
    short.pad4(0);
    assert.equal(ruleOf(short.result(0)), 'codec/truncated');
  });

  it('counts only what is allowed and can be there', () => {
    assert.equal(new Reader(new Uint8Array(8)).count(2, 2, 4), 2);
    const tooMany = new Reader(new Uint8Array(8));
    assert.equal(tooMany.count(3, 2, 1), 0);
    assert.equal(ruleOf(tooMany.result(0)), 'codec/limit');
    const tooLong = new Reader(new Uint8Array(7));
    assert.equal(tooLong.count(2, 2, 4), 0);
    assert.equal(ruleOf(tooLong.result(0)), 'codec/truncated');
  });

  it('copies, also from a Buffer, so that a value outlives the bytes it came from', () => {
    const buffer = Buffer.from([1, 2, 3, 4]);
    for (const bytes of [buffer, new Uint8Array([1, 2, 3, 4])]) {
      const taken = new Reader(bytes).take(2);
      assert.equal(Object.getPrototypeOf(taken), Uint8Array.prototype);
      bytes.fill(9);
      assert.deepEqual(taken, new Uint8Array([1, 2]));
    }
  });

  it('asserts against a length or an offset that no wire can give', () => {
    for (const length of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new Reader(new Uint8Array(4)).take(length), AssertionError);
    }
    assert.throws(() => new Reader(new Uint8Array(4), 5), AssertionError);
    assert.throws(() => new Reader(new Uint8Array(4), -1), AssertionError);
  });

  it('never reads outside the bytes, whatever is asked in whatever order', () => {
    const step = fc.oneof(
      fc.constantFrom('u8', 'u16', 'u32', 'u53', 'hash'),
      fc.nat({ max: 0xffff_ffff }).map((length) => length),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.array(step, { maxLength: 20 }), (bytes, steps) => {
        const reader = new Reader(bytes);
        for (const action of steps) {
          if (typeof action === 'number') assert.ok(reader.take(action).length <= bytes.length);
          else reader[action as 'u8' | 'u16' | 'u32' | 'u53' | 'hash']();
          assert.ok(reader.offset <= bytes.length);
        }
      }),
    );
  });
});
