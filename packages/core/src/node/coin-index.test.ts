import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import { halfSipHash } from '../base/half-sip-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { type CoinChange, compareCoinChanges } from '../state/changes.ts';
import type { Coin } from '../state/coin.ts';
import { type CoinState, type KeyedCoin, scanCoins, TreeCoins } from '../state/coin-state.ts';
import { MapCoins } from '../state/map-coins.ts';
import { hashOf } from '../state/state.testing.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { CoinIndex } from './coin-index.ts';

const SECRET = { low: 0x1234_5678, high: -77 };

const OWNERS = 7;

function ownerOf(n: number): Hash {
  return hashOf(1_000_000 + n);
}

function coinOf(owner: number, value: number): Coin {
  const amount = (value + 1) as Amount;
  return { index: 0, asset: 0, amount, address: ownerOf(owner), height: value, reward: false };
}

/** The same in maps of strings, in the order in which coins came. */
class SimpleIndex {
  readonly #byAddress = new Map<string, Map<string, KeyedCoin>>();
  #known = new Map<string, KeyedCoin>();

  moveTo(coins: CoinState): void {
    const now = new Map([...scanCoins(coins)].map((keyed) => [toHex(keyed.key), keyed]));
    for (const [name, { coin }] of this.#known) {
      if (now.get(name)?.coin !== coin) this.#byAddress.get(toHex(coin.address))?.delete(name);
    }
    for (const [name, keyed] of now) {
      const owner = toHex(keyed.coin.address);
      const own = this.#byAddress.get(owner) ?? new Map<string, KeyedCoin>();
      this.#byAddress.set(owner, own.set(name, keyed));
    }
    this.#known = now;
  }

  coins(address: Hash): readonly KeyedCoin[] {
    return [...(this.#byAddress.get(toHex(address))?.values() ?? [])];
  }
}

function assertSame(index: CoinIndex, simple: SimpleIndex): void {
  for (let owner = 0; owner < OWNERS; owner++) {
    const address = ownerOf(owner);
    const told = [...index.coins(address)];
    assert.deepEqual(sorted(told), sorted(simple.coins(address)));
    assert.equal(index.count(address), told.length);
    for (const [i, { key }] of told.entries()) {
      assert.deepEqual([...(index.coinsAfter(address, key) ?? [])], told.slice(i + 1));
    }
  }
}

function sorted(coins: readonly KeyedCoin[]): readonly KeyedCoin[] {
  return coins.toSorted((a, b) => (toHex(a.key) < toHex(b.key) ? -1 : 1));
}

/** Coins that come, go, and change their owner under the same key. */
function randomChanges(coins: CoinState, random: SeededRandom, keys: number): readonly CoinChange[] {
  const some = new Set(Array.from({ length: random.below(30) }, () => random.below(keys)));
  return [...some]
    .map((n): CoinChange => {
      const key = hashOf(n);
      const goes = coins.get(key) !== undefined && !random.oneIn(5);
      return { key, coin: goes ? undefined : coinOf(random.below(OWNERS), random.below(1000)) };
    })
    .toSorted(compareCoinChanges);
}

function emptyOf(kind: string): CoinState {
  return kind === 'map' ? MapCoins.over(new TreeCoinMap()) : new TreeCoins();
}

/** Two addresses that have the same hash under the secret. */
function sameHash(): readonly [Hash, Hash] {
  const seen = new Map<number, number>();
  const address = new Int32Array(8);
  const bytes = (n: number) => new Uint8Array(Int32Array.of(n, 0, 0, 0, 0, 0, 0, 0).buffer);
  for (let n = 0; n < 1_000_000; n++) {
    address[0] = n;
    const found = halfSipHash(SECRET, address, 0, 8);
    const earlier = seen.get(found);
    if (earlier !== undefined) return [bytes(earlier), bytes(n)];
    seen.set(found, n);
  }
  throw new Error('a million hashes of 32 bits without a pair');
}

describe('the index of coins', () => {
  for (const kind of ['map', 'tree']) {
    it(`follows a ${kind} step by step, back and across, as the simple one does`, () => {
      for (let seed = 1; seed <= 25; seed++) {
        const random = seededRandom(seed);
        const start = emptyOf(kind);
        const versions: CoinState[] = [start.apply(randomChanges(start, random, 60)).coins];
        const index = CoinIndex.of(versions[0] as CoinState, SECRET);
        const simple = new SimpleIndex();
        simple.moveTo(versions[0] as CoinState);
        for (let step = 0; step < 30; step++) {
          const from = random.oneIn(4) ? random.pick(versions) : (versions.at(-1) as CoinState);
          const next = from.apply(randomChanges(from, random, 60)).coins;
          versions.push(next);
          // Some steps are taken together, and some lead to a version that was left long ago.
          if (random.oneIn(3)) continue;
          const to = random.oneIn(5) ? random.pick(versions) : next;
          index.moveTo(to);
          simple.moveTo(to);
          assertSame(index, simple);
        }
      }
    });
  }

  it('has coins in the order in which they came, and goes on after one', () => {
    let coins = emptyOf('map');
    const index = CoinIndex.of(coins, SECRET);
    const step = (...changes: readonly [number, boolean][]) => {
      const list = changes.map(([n, isThere]) => ({
        key: hashOf(n),
        coin: isThere ? coinOf(0, n) : undefined,
      }));
      coins = coins.apply(list.toSorted(compareCoinChanges)).coins;
      index.moveTo(coins);
    };
    const heights = () => Array.from(index.coins(ownerOf(0)), ({ coin }) => coin.height);
    for (const n of [5, 3, 9, 1]) step([n, true]);
    assert.deepEqual(heights(), [5, 3, 9, 1]);
    step([3, false]);
    assert.deepEqual(heights(), [5, 9, 1]);
    step([5, false]);
    step([3, true]);
    assert.deepEqual(heights(), [9, 1, 3]);
    step([3, false], [9, false]);
    assert.deepEqual(heights(), [1]);
    assert.equal(index.count(ownerOf(0)), 1);
    step([1, false]);
    assert.deepEqual(heights(), []);
    assert.equal(index.count(ownerOf(0)), 0);
  });

  it('does not go on after a coin that is gone or another’s', () => {
    const changes = [
      { key: hashOf(1), coin: coinOf(0, 1) },
      { key: hashOf(2), coin: coinOf(1, 2) },
    ];
    const { coins } = emptyOf('map').apply(changes.toSorted(compareCoinChanges));
    const index = CoinIndex.of(coins, SECRET);
    assert.equal(index.coinsAfter(ownerOf(0), hashOf(2)), undefined);
    assert.equal(index.coinsAfter(ownerOf(0), hashOf(3)), undefined);
    assert.deepEqual([...(index.coinsAfter(ownerOf(0), hashOf(1)) ?? [])], []);
  });

  it('keeps two addresses apart whose hashes are the same', () => {
    const [a, b] = sameHash();
    const changes = [1, 2, 3, 4].map((n) => ({
      key: hashOf(n),
      coin: { ...coinOf(0, n), address: n % 2 === 0 ? a : b },
    }));
    const { coins } = emptyOf('map').apply(changes.toSorted(compareCoinChanges));
    const index = CoinIndex.of(coins, SECRET);
    const values = (address: Hash) => Array.from(index.coins(address), ({ coin }) => coin.height).sort();
    assert.deepEqual(
      [values(a), values(b)],
      [
        [2, 4],
        [1, 3],
      ],
    );
    assert.equal(index.count(a), 4, 'both share one list');
    const gone = [2, 4].map((n) => ({ key: hashOf(n), coin: undefined })).toSorted(compareCoinChanges);
    index.moveTo(coins.apply(gone).coins);
    assert.deepEqual([values(a), values(b)], [[], [1, 3]]);
  });

  it('is built in steps, and is the same whatever came before it', () => {
    const changes = Array.from({ length: 5000 }, (_, n) => ({ key: hashOf(n), coin: coinOf(n % 5, n) }));
    const { coins } = emptyOf('map').apply(changes.toSorted(compareCoinChanges));
    const building = CoinIndex.build(coins, SECRET);
    const done: number[] = [];
    let step = building.next();
    for (; step.done !== true; step = building.next()) done.push(step.value);
    assert.deepEqual(done, [2048, 4096, 5000]);
    const simple = new SimpleIndex();
    simple.moveTo(coins);
    for (let owner = 0; owner < OWNERS; owner++) {
      assert.deepEqual([...step.value.coins(ownerOf(owner))], simple.coins(ownerOf(owner)));
    }
  });
});
