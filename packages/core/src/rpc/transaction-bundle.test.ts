import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, fromHex } from '../base/bytes.ts';
import { TRANSACTION_BYTES_MAX } from '../primitives/limits.ts';
import { BUNDLE_TRANSACTIONS_MAX, REQUEST_BYTES_MAX } from './limits.ts';
import { bundleBytes, encodeBundle, parseBundle } from './transaction-bundle.ts';

function ruleOf(bytes: Uint8Array): string | undefined {
  const parsed = parseBundle(bytes);
  return parsed.ok ? undefined : parsed.error.rule;
}

const u32 = (value: number) => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

test('a bundle is a number, then each transaction behind its length', () => {
  const bundle = encodeBundle([Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(255)]);
  assert.deepEqual(
    bundle,
    new Uint8Array(fromHex(['03000000', '03000000', '010203', '00000000', '01000000', 'ff'].join(''))),
  );
});

test('what is joined comes apart again, also from the middle of other bytes', () => {
  const transactions = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(transactions, fc.nat(9), (list, shift) => {
      const bundle = encodeBundle(list);
      assert.equal(bundle.length, bundleBytes(list));
      const around = concatBytes(new Uint8Array(shift), bundle, new Uint8Array(3));
      const parsed = parseBundle(around.subarray(shift, shift + bundle.length));
      assert(parsed.ok);
      assert.deepEqual(parsed.value, list);
    }),
  );
});

test('a bundle that was cut anywhere, or has more behind it, is refused', () => {
  const bundle = encodeBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
  for (let end = 0; end < bundle.length; end++) {
    assert.equal(ruleOf(bundle.subarray(0, end)), 'codec/truncated', `cut at ${end}`);
  }
  assert.equal(ruleOf(concatBytes(bundle, Uint8Array.of(0))), 'codec/trailing-bytes');
});

test('numbers that lie are refused before anything is made of them', () => {
  const one = concatBytes(u32(1), Uint8Array.of(7));
  assert.equal(ruleOf(u32(0)), 'rpc/bundle-empty');
  assert.equal(ruleOf(concatBytes(u32(2), one)), 'codec/truncated');
  assert.equal(ruleOf(concatBytes(u32(BUNDLE_TRANSACTIONS_MAX + 1), one)), 'codec/limit');
  assert.equal(ruleOf(concatBytes(u32(0xffff_ffff), one)), 'codec/limit');
  assert.equal(ruleOf(concatBytes(u32(1), u32(0xffff_ffff))), 'codec/limit');
  const large = concatBytes(
    u32(1),
    u32(TRANSACTION_BYTES_MAX + 1),
    new Uint8Array(TRANSACTION_BYTES_MAX + 1),
  );
  assert.equal(ruleOf(large), 'codec/limit');
});

test('a full bundle is read, and one too full is not written', () => {
  const full = Array.from({ length: BUNDLE_TRANSACTIONS_MAX }, () => Uint8Array.of(1));
  const parsed = parseBundle(encodeBundle(full));
  assert(parsed.ok && parsed.value.length === BUNDLE_TRANSACTIONS_MAX);
  assert.throws(() => encodeBundle([...full, Uint8Array.of(1)]), /2049 transactions in a bundle/);
  assert.throws(() => encodeBundle([]), /0 transactions in a bundle/);
  const long = new Uint8Array(REQUEST_BYTES_MAX / 2);
  assert.throws(() => encodeBundle([long, long]), /bytes in a bundle/);
});
