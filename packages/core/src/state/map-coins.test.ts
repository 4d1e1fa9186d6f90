import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import { type CoinChange, compareCoinChanges, encodeCoinChanges } from './changes.ts';
import { COIN_BYTES, encodeCoin } from './coin.ts';
import { COIN_KEY_WORDS, COIN_RECORD_WORDS } from './coin-map.ts';
import {
  COIN_ENTRY_BYTES,
  type CoinDifferences,
  type CoinState,
  scanCoins,
  TreeCoins,
} from './coin-state.ts';
import { MapCoins } from './map-coins.ts';
import { exampleCoin, hashOf } from './state.testing.ts';
import { TreeCoinMap } from './tree-coin-map.ts';

/** One version in both implementations. */
interface Twins {
  readonly map: CoinState;
  readonly tree: CoinState;
}

const KEYS = 60;

function randomChanges(coins: CoinState, random: SeededRandom): readonly CoinChange[] {
  const keys = new Set(Array.from({ length: random.below(12) }, () => random.below(KEYS)));
  return [...keys]
    .map((n): CoinChange => {
      const key = hashOf(n);
      const isThere = coins.get(key) !== undefined;
      // A coin that is replaced at once is a change like any other.
      const goes = isThere && !random.oneIn(6);
      return { key, coin: goes ? undefined : exampleCoin(random.below(1000)) };
    })
    .toSorted(compareCoinChanges);
}

function assertSame({ map, tree }: Twins, random: SeededRandom): void {
  assert.equal(map.size, tree.size);
  const key = hashOf(random.below(KEYS));
  // Before anything moves the map here.
  assert.deepEqual(foundIn(map), recordsIn(tree));
  assert.deepEqual(map.get(key), tree.get(key));
  assert.equal(toHex(map.root()), toHex(tree.root()));
  assert.deepEqual(map.prove(key), tree.prove(key));
}

/** The records of all keys, looked up at once. */
function foundIn(coins: CoinState): readonly string[] {
  assert(coins instanceof MapCoins);
  const keys = new Int32Array(KEYS * COIN_KEY_WORDS);
  const bytes = new Uint8Array(keys.buffer);
  for (let n = 0; n < KEYS; n++) bytes.set(hashOf(n), 32 * n);
  const records = new Int32Array(KEYS * COIN_RECORD_WORDS).fill(7);
  coins.find(keys, KEYS, records);
  const recordBytes = new Uint8Array(records.buffer);
  return Array.from({ length: KEYS }, (_, n) =>
    toHex(recordBytes.subarray(n * COIN_BYTES, (n + 1) * COIN_BYTES)),
  );
}

function recordsIn(coins: CoinState): readonly string[] {
  return Array.from({ length: KEYS }, (_, n) => {
    const coin = coins.get(hashOf(n));
    return toHex(coin === undefined ? new Uint8Array(COIN_BYTES) : encodeCoin(coin));
  });
}

function entriesOf(coins: CoinState, countPerRun: number): string {
  return [...coins.entries(countPerRun)].map(toHex).join('');
}

describe('versions over one map', () => {
  it('answer as the tree does, whichever is asked and changed in whatever order', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const versions: Twins[] = [{ map: MapCoins.over(new TreeCoinMap()), tree: new TreeCoins() }];
      for (let step = 0; step < 40; step++) {
        const from = random.pick(versions);
        const changes = randomChanges(from.tree, random);
        const map = from.map.apply(changes);
        const tree = from.tree.apply(changes);
        assert.deepEqual(map.undo, tree.undo);
        versions.push({ map: map.coins, tree: tree.coins });
        for (let i = 0; i < 3; i++) assertSame(random.pick(versions), random);
      }
      for (const version of versions) assertSame(version, random);
    }
  });

  it('give their coins in order without moving the map, also while it moves on', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      let twins: Twins = { map: MapCoins.over(new TreeCoinMap()), tree: new TreeCoins() };
      const grow = () => {
        const changes = randomChanges(twins.tree, random);
        twins = { map: twins.map.apply(changes).coins, tree: twins.tree.apply(changes).coins };
      };
      for (let i = 0; i < 8; i++) grow();
      const old = twins;
      const countPerRun = 1 + random.below(9);
      const runs: Uint8Array[] = [];
      for (const run of old.map.entries(countPerRun)) {
        runs.push(run);
        grow();
      }
      assert.equal(runs.map(toHex).join(''), entriesOf(old.tree, countPerRun));
      assert.ok(runs.slice(0, -1).every((run) => run.length === countPerRun * COIN_ENTRY_BYTES));
      assert.equal(entriesOf(old.map, 3), entriesOf(old.tree, 3));
    }
  });

  it('tell in what they differ', () => {
    const random = seededRandom(5);
    const versions: Twins[] = [{ map: MapCoins.over(new TreeCoinMap()), tree: new TreeCoins() }];
    for (let step = 0; step < 30; step++) {
      const from = random.pick(versions);
      const changes = randomChanges(from.tree, random);
      versions.push({ map: from.map.apply(changes).coins, tree: from.tree.apply(changes).coins });
    }
    for (let i = 0; i < 100; i++) {
      const [a, b] = [random.pick(versions), random.pick(versions)];
      const real = linesOf(a.map.differences(b.map));
      assert.deepEqual(
        real.filter(({ before, after }) => before !== after),
        linesOf(a.tree.differences(b.tree)),
      );
      assert.equal(new Set(real.map(({ key }) => key)).size, real.length, 'each key once');
    }
  });

  it('are built from entries as a snapshot has them', () => {
    const random = seededRandom(9);
    const tree = new TreeCoins().apply(randomChanges(new TreeCoins(), random)).coins;
    let built: CoinState = MapCoins.over(new TreeCoinMap());
    for (const run of tree.entries(2)) built = built.load(run);
    assert.equal(toHex(built.root()), toHex(tree.root()));
    assert.deepEqual([...scanCoins(built)], [...scanCoins(tree)]);
    assert.equal(built.size, tree.size);
  });

  it('have room as far as the map has', () => {
    const coins = MapCoins.over(new TreeCoinMap({ coinsMax: 5 }));
    assert.ok(coins.hasRoomFor(5));
    assert.ok(!coins.hasRoomFor(6));
    const changes = [1, 2, 3]
      .map((n) => ({ key: hashOf(n), coin: exampleCoin(n) }))
      .toSorted(compareCoinChanges);
    const after = coins.apply(changes).coins;
    assert.ok(after.hasRoomFor(2) && !after.hasRoomFor(3));
    // Changes that are asked of the old version start from what it had.
    assert.ok(coins.hasRoomFor(5));
    assert.ok(encodeCoinChanges(changes).length > 0);
  });

  it('that fill the map lead back to those before, which the coins that leave make room for', () => {
    const empty = MapCoins.over(new TreeCoinMap({ coinsMax: 5 }));
    const changed = (from: CoinState, gone: readonly number[], come: readonly number[]) => {
      const leave = gone.map((n) => ({ key: hashOf(n), coin: undefined }));
      const join = come.map((n) => ({ key: hashOf(n), coin: exampleCoin(n) }));
      return from.apply([...leave, ...join].toSorted(compareCoinChanges)).coins;
    };
    const three = changed(empty, [], [1, 2, 3]);
    const five = changed(three, [1, 2, 3], [4, 5, 6, 7, 8]);
    assert.deepEqual([five.size, five.hasRoomFor(1)], [5, false]);
    assert.deepEqual(three.get(hashOf(2)), exampleCoin(2));
    assert.deepEqual(five.get(hashOf(8)), exampleCoin(8));
  });
});

interface Line {
  readonly key: string;
  readonly before: string;
  readonly after: string;
}

function linesOf({ count, keys, before, after }: CoinDifferences): readonly Line[] {
  const hex = (words: Int32Array, i: number, each: number) =>
    toHex(new Uint8Array(words.slice(i * each, (i + 1) * each).buffer));
  return Array.from({ length: count }, (_, i) => ({
    key: hex(keys, i, COIN_KEY_WORDS),
    before: hex(before, i, COIN_RECORD_WORDS),
    after: hex(after, i, COIN_RECORD_WORDS),
  })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
