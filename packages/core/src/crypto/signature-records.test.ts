import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  areAllValid,
  packSignatureChecks,
  SIGNATURE_RECORD_BYTES,
  signatureRecordCount,
  unpackSignatureCheck,
} from './signature-records.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const check = fc.record({ publicKey: bytes(32), message: bytes(32), signature: bytes(64) });

test('what is packed is what comes out, in its order', () => {
  fc.assert(
    fc.property(fc.array(check, { maxLength: 20 }), (checks) => {
      const records = packSignatureChecks(checks);
      assert.equal(records.length, checks.length * SIGNATURE_RECORD_BYTES);
      assert.equal(signatureRecordCount(records), checks.length);
      assert.deepEqual(
        checks.map((_, i) => unpackSignatureCheck(records, i)),
        checks.map((one) => ({ ...one })),
      );
    }),
  );
});

test('the layout: public key, message, signature', () => {
  const parts = {
    publicKey: new Uint8Array(32).fill(1),
    message: new Uint8Array(32).fill(2),
    signature: new Uint8Array(64).fill(3),
  };
  const expected = Uint8Array.from({ length: 128 }, (_, i) => (i < 32 ? 1 : i < 64 ? 2 : 3));
  assert.deepEqual(packSignatureChecks([parts]), expected);
});

test('parts of other lengths and positions outside are bugs', () => {
  const good = {
    publicKey: new Uint8Array(32),
    message: new Uint8Array(32),
    signature: new Uint8Array(64),
  };
  assert.throws(() => packSignatureChecks([{ ...good, publicKey: new Uint8Array(31) }]));
  assert.throws(() => packSignatureChecks([{ ...good, message: new Uint8Array(33) }]));
  assert.throws(() => packSignatureChecks([{ ...good, signature: new Uint8Array(65) }]));
  assert.throws(() => signatureRecordCount(new Uint8Array(127)));
  assert.throws(() => unpackSignatureCheck(new Uint8Array(128), 1));
  assert.throws(() => unpackSignatureCheck(new Uint8Array(128), -1));
});

test('a stretch is valid when each verdict in it is 1', () => {
  const valid = Uint8Array.of(1, 1, 0, 1);
  assert.ok(areAllValid(valid, 0, 2));
  assert.ok(!areAllValid(valid, 1, 2));
  assert.ok(areAllValid(valid, 3, 1));
  assert.ok(areAllValid(valid, 4, 0), 'nothing to check is valid');
  assert.throws(() => areAllValid(valid, 3, 2), 'a verdict that is missing is no verdict');
});
