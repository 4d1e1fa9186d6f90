import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes } from './bytes.ts';
import { bytesKey, maskedBytesKey, recordKey } from './bytes-key.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Hashes that often share what comes first. */
const similar = fc
  .tuple(fc.nat(31), fc.constantFrom(0, 1, 127, 128, 255))
  .map(([at, value]) => new Uint8Array(32).fill(7).fill(value, at));

test('keys are equal and ordered as the bytes are', () => {
  fc.assert(
    fc.property(fc.oneof(hash, similar), fc.oneof(hash, similar), (a, b) => {
      const [left, right] = [bytesKey(a), bytesKey(b)];
      assert.equal(left < right ? -1 : left > right ? 1 : 0, Math.sign(compareBytes(a, b)));
    }),
  );
});

test('a mask is XORed to the first four bytes, lowest byte first', () => {
  fc.assert(
    fc.property(hash, fc.nat(0xffff_ffff), (bytes, mask) => {
      const masked = bytes.slice();
      for (let i = 0; i < 4; i++) masked[i] = (masked[i] as number) ^ ((mask >>> (8 * i)) & 0xff);
      assert.equal(maskedBytesKey(bytes, mask), bytesKey(masked));
    }),
  );
});

test('keys of records are equal where the bytes are, of any length', () => {
  const record = fc.oneof(
    fc.uint8Array({ minLength: 33, maxLength: 33 }),
    hash.map((bytes) => Uint8Array.of(0x62, ...bytes)),
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
    fc.uint8Array({ minLength: 16, maxLength: 40 }),
  );
  fc.assert(
    fc.property(record, record, (a, b) => {
      assert.equal(recordKey(a) === recordKey(b), compareBytes(a, b) === 0);
      assert.equal(recordKey(a), recordKey(a.slice()));
    }),
  );
});

test('something else than 32 bytes stops the program', () => {
  assert.throws(() => bytesKey(new Uint8Array(31)), /something else than a hash/);
});
