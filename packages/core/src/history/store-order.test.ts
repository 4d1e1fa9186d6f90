import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareBytes } from '../base/bytes.ts';
import { storeOrder } from './store-order.ts';

test('every position once, by the first four bytes, then by position', () => {
  const byte = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff);
  const hash = fc.array(byte, { minLength: 5, maxLength: 5 }).map((bytes) => Uint8Array.from(bytes));
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 40 }), (hashes) => {
      const order = storeOrder(hashes.length, (i) => hashes[i] as Uint8Array);
      const expected = hashes
        .map((bytes, i) => ({ i, head: bytes.subarray(0, 4) }))
        .toSorted((a, b) => compareBytes(a.head, b.head) || a.i - b.i);
      assert.deepEqual(
        [...order],
        expected.map(({ i }) => i),
      );
    }),
  );
});
