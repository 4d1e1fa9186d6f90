import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { compareBytes, fromHex, toHex } from '../base/bytes.ts';
import {
  COIN_BYTES,
  COIN_INDEX_MAX,
  type Coin,
  coinHash,
  coinKey,
  coinOutpoint,
  decodeCoin,
  encodeCoin,
  equalCoins,
  fmix32,
  parseCoin,
} from './coin.ts';
import { naiveCoin, naiveHash } from './naive.testing.ts';
import { arbitraryCoin, hashOf } from './state.testing.ts';

const coin: Coin = {
  index: 3,
  asset: 258,
  amount: amount(2 ** 40 + 5),
  address: new Uint8Array(32).fill(0xab),
  height: 66_051,
  reward: true,
};

describe('coin record', () => {
  test('is laid out as documented', () => {
    const expected = `0201000000000000${'0500000000010000'}${'ab'.repeat(32)}${'03020100'}${'07000000'}`;
    assert.equal(toHex(encodeCoin(coin)), expected);
    assert.equal(encodeCoin(coin).length, COIN_BYTES);
  });

  test('is read back, and is what naive code writes', () => {
    fc.assert(
      fc.property(arbitraryCoin, (any) => {
        assert.deepEqual(decodeCoin(encodeCoin(any)), any);
        assert.deepEqual(encodeCoin(any), naiveCoin(any));
        assert.deepEqual(coinHash(any), naiveHash('coin', naiveCoin(any)));
      }),
    );
  });

  test('is refused when it is short, long, or has a number above 2^53 − 1', () => {
    const bytes = encodeCoin(coin);
    const rule = (damaged: Uint8Array) => {
      const parsed = parseCoin(damaged);
      return parsed.ok ? 'accepted' : parsed.error.rule;
    };
    assert.equal(rule(bytes.subarray(0, 55)), 'codec/truncated');
    assert.equal(rule(Uint8Array.of(...bytes, 0)), 'codec/trailing-bytes');
    assert.equal(rule(bytes.with(6, 0x20)), 'codec/number-too-large');
    assert.equal(rule(bytes.with(15, 1)), 'codec/number-too-large');
    assert.throws(() => decodeCoin(bytes.subarray(1)), /malformed coin/);
  });

  test('is only written for a coin that fits', () => {
    assert.throws(() => encodeCoin({ ...coin, address: new Uint8Array(31) }), /32 bytes/);
    assert.throws(() => encodeCoin({ ...coin, index: COIN_INDEX_MAX + 1 }), /index/);
  });

  test('every field counts for equality', () => {
    assert.equal(equalCoins(coin, { ...coin, address: coin.address.slice() }), true);
    const others: Partial<Coin>[] = [
      { index: 4 },
      { asset: 0 },
      { amount: amount(1) },
      { height: 0 },
      { reward: false },
      { address: coin.address.with(31, 0) },
    ];
    for (const other of others) assert.equal(equalCoins(coin, { ...coin, ...other }), false);
  });
});

describe('coin key', () => {
  test('of output 0 is the txid', () => {
    assert.deepEqual(coinKey(hashOf(1), 0), hashOf(1));
  });

  test('mixes the index into the first four bytes, little-endian', () => {
    // Known values of the 32-bit finalizer of MurmurHash3.
    assert.equal(fmix32(0), 0);
    assert.equal(fmix32(1), 0x514e_28b7);
    assert.equal(fmix32(2), 0x30f4_c306);
    assert.equal(fmix32(0xffff_ffff), 0x81f1_6f39);
    assert.equal(toHex(coinKey(new Uint8Array(32), 1)), `b7284e51${'00'.repeat(28)}`);
    const txid = fromHex(`ffffffff${'11'.repeat(28)}`);
    assert.equal(toHex(coinKey(txid, 1)), `48d7b1ae${'11'.repeat(28)}`);
  });

  test('differs for all outputs of a transaction, and gives the outpoint back', () => {
    const txid = hashOf(7);
    const keys = Array.from({ length: 5000 }, (_, index) => coinKey(txid, index));
    const sorted = keys.toSorted(compareBytes);
    for (const [i, key] of sorted.entries()) assert.notDeepEqual(key, sorted[i + 1]);
    for (const index of [0, 1, 254, 4999]) {
      const key = keys[index];
      assert.ok(key);
      assert.deepEqual(coinOutpoint(key, { ...coin, index }), { txid, index });
    }
  });

  test('does not write to the txid', () => {
    const txid = hashOf(9);
    coinKey(txid, 12345);
    assert.deepEqual(txid, hashOf(9));
  });
});
