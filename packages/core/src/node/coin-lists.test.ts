import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { CoinLists } from './coin-lists.ts';

/** More than one piece of memory holds. */
const COINS = 40_000;

function randomWords(count: number, seed: number): Int32Array {
  const random = seededRandom(seed);
  return Int32Array.from({ length: 8 * count }, () => random.below(2 ** 32) | 0);
}

function keysOf(lists: CoinLists, address: Int32Array): readonly string[] {
  const keys: string[] = [];
  const first = lists.first(address);
  for (let place = first; place !== 0; place = lists.after(first, place)) keys.push(toHex(lists.key(place)));
  return keys;
}

function nameOf(keys: Int32Array, i: number): string {
  return toHex(new Uint8Array(keys.slice(8 * i, 8 * i + 8).buffer));
}

describe('lists of coins', () => {
  it('keep coins apart by their addresses over many pieces of memory, and reuse what is free', () => {
    const lists = new CoinLists({ low: 3, high: 4 });
    const keys = randomWords(COINS, 1);
    // No two of these share a list under this secret.
    const addresses = randomWords(COINS, 9);
    for (let i = 0; i < COINS; i++) lists.add(keys, 8 * i, addresses, 8 * i);
    assert.equal(lists.size, COINS);
    const { byteLength } = lists;
    assert.ok(byteLength > 0);
    for (let i = 0; i < COINS; i += 2) lists.remove(keys, 8 * i, addresses, 8 * i);
    for (let i = 0; i < COINS; i++) {
      const address = addresses.subarray(8 * i, 8 * i + 8);
      assert.equal(lists.count(address), i % 2);
      assert.equal(lists.find(keys, 8 * i) === 0, i % 2 === 0);
    }
    // The same keys again, all of one address, fit where the others were.
    const one = randomWords(1, 3);
    for (let i = 0; i < COINS; i += 2) lists.add(keys, 8 * i, one, 0);
    assert.equal(lists.byteLength, byteLength);
    const expected = Array.from({ length: COINS / 2 }, (_, i) => nameOf(keys, 2 * i));
    assert.deepEqual(keysOf(lists, one), expected);
    assert.equal(lists.count(one), COINS / 2);
  });

  it('hold a million coins of as many addresses in 60 bytes each', () => {
    const coins = 1_000_000;
    const lists = new CoinLists({ low: 5, high: 6 });
    const key = new Int32Array(8);
    for (let i = 0; i < coins; i++) {
      key[0] = i;
      lists.add(key, 0, key, 0);
    }
    assert.ok(lists.byteLength <= 60 * coins, String(lists.byteLength));
  });

  it('stop at a coin that is not there', () => {
    const lists = new CoinLists({ low: 1, high: 1 });
    const words = randomWords(2, 4);
    lists.add(words, 0, words, 0);
    assert.throws(() => lists.remove(words, 8, words, 0), /in no list/);
    assert.throws(() => lists.remove(words, 0, words, 8), /the list of a coin/);
  });
});
