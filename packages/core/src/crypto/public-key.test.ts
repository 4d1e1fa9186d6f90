import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { isStrongPublicKey } from './public-key.ts';
import { publicKeyOf, verifySignature } from './signature.ts';

/** The canonical encodings of the eight points whose order divides 8, from ZIP-215's test vectors. */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
];

it('takes the keys of secrets', () => {
  for (let byte = 0; byte < 8; byte++) {
    assert.equal(isStrongPublicKey(publicKeyOf(new Uint8Array(32).fill(byte))), true);
  }
});

it('refuses points of small order, for which anybody can sign', () => {
  const nobody = new Uint8Array(64);
  nobody[0] = 1;
  for (const hex of SMALL_ORDER) {
    const publicKey = fromHex(hex);
    assert.equal(verifySignature({ publicKey, message: new Uint8Array(5), signature: nobody }), true);
    assert.equal(isStrongPublicKey(publicKey), false, hex);
  }
});

it('refuses what is no point, has another encoding or another length', () => {
  // y = 2 has no x on the curve; p + 3 is y = 3 written with a number above the field's prime.
  assert.equal(isStrongPublicKey(fromHex(`02${'00'.repeat(31)}`)), false);
  assert.equal(isStrongPublicKey(fromHex(`03${'00'.repeat(31)}`)), true);
  assert.equal(isStrongPublicKey(fromHex(`f0${'ff'.repeat(30)}7f`)), false);
  assert.equal(isStrongPublicKey(new Uint8Array(31)), false);
  assert.equal(isStrongPublicKey(new Uint8Array(33)), false);
});
