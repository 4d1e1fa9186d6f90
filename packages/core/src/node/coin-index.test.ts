import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../base/amount.ts';
import { compareBytes, toHex } from '../base/bytes.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import type { Coin } from '../state/coin.ts';
import { MapCoins } from '../state/map-coins.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { CoinIndex } from './coin-index.ts';

test('the index follows coins that come and go, to and from any version, for addresses with one coin and with many', () => {
  const random = seededRandom(11);
  const addresses = [1, 2, 3, 4].map((n) => new Uint8Array(32).fill(n));
  const held = new Map<string, { key: Uint8Array; coin: Coin }>();
  const first = MapCoins.over(new TreeCoinMap());
  const versions: { coins: MapCoins; expected: readonly { key: Uint8Array; coin: Coin }[] }[] = [
    { coins: first, expected: [] },
  ];
  const index = new CoinIndex(first);
  let coins = first;
  for (let step = 0; step < 60; step++) {
    const changes = new Map<string, { key: Uint8Array; coin: Coin | undefined }>();
    for (let i = 1 + random.below(4); i > 0; i--) {
      const spent = held.size > 0 && random.oneIn(2) ? random.pick([...held.values()]) : undefined;
      const key = spent?.key ?? random.bytes(32);
      if (changes.has(toHex(key))) continue;
      const address = addresses[Math.min(random.below(8), 3)] as Uint8Array;
      const made = { index: 0, asset: 0, amount: amount(step + 1), address, height: step, reward: false };
      changes.set(toHex(key), { key, coin: spent === undefined ? made : undefined });
    }
    const sorted = [...changes.values()].toSorted((a, b) => compareBytes(a.key, b.key));
    coins = coins.apply(sorted).coins;
    for (const { key, coin } of sorted) {
      if (coin === undefined) held.delete(toHex(key));
      else held.set(toHex(key), { key, coin });
    }
    versions.push({ coins, expected: [...held.values()] });
    index.moveTo(coins);
    check(index, addresses, [...held.values()]);
  }
  for (let i = 0; i < 40; i++) {
    const { coins: other, expected } = random.pick(versions);
    index.moveTo(other);
    check(index, addresses, expected);
  }
  const { coins: last, expected } = random.pick(versions);
  check(new CoinIndex(last), addresses, expected);
});

function check(
  index: CoinIndex,
  addresses: readonly Uint8Array[],
  expected: readonly { readonly key: Uint8Array; readonly coin: Coin }[],
): void {
  for (const address of addresses) {
    const own = expected.filter(({ coin }) => toHex(coin.address) === toHex(address));
    const names = (list: Iterable<{ readonly key: Uint8Array }>) =>
      [...list].map(({ key }) => toHex(key)).toSorted((a, b) => (a < b ? -1 : 1));
    assert.equal(index.count(address), own.length);
    assert.deepEqual(names(index.coins(address)), names(own));
  }
}
