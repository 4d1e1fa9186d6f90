import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { AssertionError } from '@calin/core/base/assert.ts';
import { type SeededRandom, seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { CoinChange } from '@calin/core/state/changes.ts';
import {
  describeCoinMap,
  type MapEntry,
  mapChanges,
  randomEntry,
  rootOf,
  scanFrom,
} from '@calin/core/state/coin-map.testing.ts';
import { MapCoins } from '@calin/core/state/map-coins.ts';
import { CoinMapTwins, somePositions } from './coin-map-twins.testing.ts';
import { createKernelCoinMap } from './kernel-coin-map.ts';

describeCoinMap('kernel coin map', (coinsMax) => createKernelCoinMap({ coinsMax }));
describeCoinMap('kernel coin map of four shards', (coinsMax) => createKernelCoinMap({ coinsMax, shards: 4 }));

const randomEntries = (random: SeededRandom, count: number): MapEntry[] =>
  Array.from({ length: count }, () => randomEntry(random));

/** `count` coins whose keys share their first bits. */
const groundEntries = (random: SeededRandom, count: number, bits: number): MapEntry[] => {
  const prefix = random.bytes(32);
  return Array.from({ length: count }, () => randomEntry(random, prefix, bits));
};

describe('kernel coin map: the same as its twin over the reference tree', () => {
  test('from nothing to thousands of coins and back to nothing', () => {
    const random = seededRandom(11);
    const twins = new CoinMapTwins([1, 2, 4]);
    for (let batch = 0; batch < 40; batch++) {
      const removed = somePositions(random, twins.entries.length, random.below(100));
      twins.update(removed, randomEntries(random, random.below(250)));
      twins.compareRoots();
      if (batch % 8 === 7) twins.compareContent(random, 20);
    }
    assert.ok(twins.entries.length > 2000);
    twins.compareAll();
    while (twins.entries.length > 0) {
      const removed = somePositions(random, twins.entries.length, 300);
      twins.update(removed, randomEntries(random, twins.entries.length > 300 ? random.below(3) : 0));
      twins.compareRoots();
    }
    twins.compareContent(random, 5);
  });

  test('one coin at a time, through several rounds of growth', () => {
    const random = seededRandom(12);
    const twins = new CoinMapTwins([1, 2]);
    for (let coins = 0; coins < 300; coins++) {
      twins.update([], randomEntries(random, 1));
      twins.compareRoots();
      twins.compareContent(random, 2);
      if (coins % 16 === 0) twins.compareAll();
    }
    while (twins.entries.length > 0) {
      twins.update([random.below(twins.entries.length)], []);
      twins.compareRoots();
    }
  });

  test('two coins that share any number of bits, each leaving and coming back', () => {
    const random = seededRandom(13);
    const twins = new CoinMapTwins([1, 4]);
    for (let bits = 0; bits < 256; bits++) {
      const first = randomEntry(random);
      const second = randomEntry(random, first.key, bits);
      const last = second.key[bits >>> 3] as number;
      const own = (first.key[bits >>> 3] as number) & (0x80 >>> (bits & 7));
      second.key[bits >>> 3] = (last & ~(0x80 >>> (bits & 7))) | (own ^ (0x80 >>> (bits & 7)));
      twins.update([], [first, second]);
      twins.compareRoots();
      twins.compareContent(random, 2);
      twins.update([random.below(2)], []);
      twins.compareRoots();
      twins.update([0], []);
      twins.compareRoots();
    }
  });

  for (const bits of [20, 40, 64, 200]) {
    test(`keys ground to share their first ${bits} bits`, () => {
      const random = seededRandom(bits);
      const twins = new CoinMapTwins([1, 4]);
      twins.update([], [...randomEntries(random, 200), ...groundEntries(random, 60, bits)]);
      twins.compareRoots();
      twins.compareContent(random, 20);
      twins.compareAll();
      for (let batch = 0; batch < 12; batch++) {
        const removed = somePositions(random, twins.entries.length, 60);
        twins.update(removed, [
          ...randomEntries(random, 20),
          ...groundEntries(random, random.below(40), bits),
        ]);
        twins.compareRoots();
        twins.compareContent(random, 4);
      }
      while (twins.entries.length > 0) {
        twins.update(somePositions(random, twins.entries.length, 40), []);
        twins.compareRoots();
      }
    });
  }

  test('thousands of coins in one bucket', () => {
    const random = seededRandom(14);
    const twins = new CoinMapTwins([1]);
    const ground = groundEntries(random, 3000, 30);
    twins.update([], ground.slice(0, 2000));
    twins.compareRoots();
    twins.update(somePositions(random, 2000, 1), ground.slice(2000));
    twins.compareRoots();
    twins.compareContent(random, 20);
    twins.compareAll();
    twins.update(
      twins.entries.map((_, i) => i).filter((i) => i % 100 !== 0),
      [],
    );
    twins.compareRoots();
    twins.compareContent(random, 10);
  });

  test('an update larger than what goes into the kernel at once, and than what may wait for its hash', () => {
    const random = seededRandom(15);
    const entries = randomEntries(random, 90_000);
    const [large, small] = [createKernelCoinMap(), createKernelCoinMap({ shards: 2 })];
    large.update(mapChanges([], entries));
    for (let at = 0; at < entries.length; at += 1000) {
      small.update(mapChanges([], entries.slice(at, at + 1000)));
      small.root();
    }
    assert.deepEqual(large.root(), small.root());
    const removed = entries.slice(0, 80_000).map(({ key }) => key);
    large.update(mapChanges(removed, entries.slice(0, 12_000)));
    small.update(mapChanges(removed.slice(12_000), []));
    assert.deepEqual(large.root(), small.root());
    const all = scanFrom(large, ZERO_HASH, 30_000);
    assert.equal(all.length, 22_000);
    assert.deepEqual(scanFrom(small, ZERO_HASH, 30_000), all);
  });
});

describe('kernel coin map: a root in pieces', () => {
  const random = seededRandom(17);

  test('each piece is short, and the last one leaves nothing for the root', () => {
    const [map, twin] = [createKernelCoinMap(), createKernelCoinMap()];
    const entries = randomEntries(random, 20_000);
    for (const one of [map, twin]) {
      one.update(mapChanges([], entries));
      one.root();
    }
    const removed = entries.filter((_, i) => i % 4 === 0).map(({ key }) => key);
    const changes = mapChanges(removed, randomEntries(random, 7000));
    for (const one of [map, twin]) one.update(changes);
    let pieces = 1;
    while (!map.refresh(1000)) pieces += 1;
    // Some of the 10,000 and more that have changed lie in one bucket.
    assert.ok(pieces > 7 && pieces < 16, `${pieces} pieces`);
    assert.equal(map.refresh(1), true);
    assert.deepEqual(map.root(), twin.root());
  });

  for (const bits of [0, 12, 40]) {
    test(`what changes between pieces is in the root, keys sharing ${bits} bits too`, () => {
      const twins = new CoinMapTwins([1, 4]);
      const prefix = random.bytes(32);
      for (let batch = 0; batch < 60; batch++) {
        const removed = somePositions(random, twins.entries.length, random.below(80));
        const added = Array.from({ length: random.below(120) }, () =>
          random.oneIn(2) ? randomEntry(random) : randomEntry(random, prefix, bits),
        );
        twins.update(removed, added);
        for (let parts = random.below(3); parts > 0; parts--) twins.refresh(1 + random.below(60));
        if (random.oneIn(3)) twins.compareRoots();
        if (random.oneIn(6)) twins.compareContent(random, 4);
      }
      twins.compareRoots();
    });
  }
});

describe('kernel coin map: room', () => {
  const random = seededRandom(16);

  test('buckets made ahead change nothing', () => {
    const entries = randomEntries(random, 500);
    const [grown, sized] = [createKernelCoinMap(), createKernelCoinMap()];
    assert.equal(sized.reserve(100_000), true);
    for (let done = 0; done < entries.length; done += 100) {
      for (const map of [grown, sized]) map.update(mapChanges([], entries.slice(done, done + 100)));
      assert.deepEqual(sized.root(), grown.root());
    }
    const key = (entries[0] as MapEntry).key;
    assert.deepEqual(sized.prove(key), grown.prove(key));
  });

  test('buckets made while coins have just left do not bring them back', () => {
    const entries = randomEntries(random, 30);
    const map = createKernelCoinMap();
    map.update(mapChanges([], entries));
    map.root();
    map.update(
      mapChanges(
        entries.map(({ key }) => key),
        [],
      ),
    );
    assert.equal(map.reserve(5000), true);
    assert.deepEqual(map.root(), ZERO_HASH);
    map.update(mapChanges([], entries));
    assert.deepEqual(map.root(), rootOf(entries));
  });

  test('what no memory can hold is refused, and nothing changes', () => {
    const map = createKernelCoinMap();
    const before = map.memoryBytes;
    for (const more of [40_000_000, 2 ** 31, 2 ** 40]) assert.equal(map.reserve(more), false);
    assert.equal(map.memoryBytes, before);
    map.update(mapChanges([], randomEntries(random, 3)));
    assert.equal(map.size, 3);
  });

  test('the room made is enough: the memory does not grow again', () => {
    const map = createKernelCoinMap();
    assert.equal(map.reserve(60_000), true);
    const reserved = map.memoryBytes;
    for (let i = 0; i < 6; i++) map.update(mapChanges([], randomEntries(random, 10_000)));
    assert.equal(map.memoryBytes, reserved);
    assert.ok(reserved < 60_000 * 140 + 4_000_000);
  });

  test('memory that coins leave is used again', () => {
    const map = createKernelCoinMap();
    let entries = randomEntries(random, 5000);
    map.update(mapChanges([], entries));
    const before = map.memoryBytes;
    for (let round = 0; round < 10; round++) {
      const next = randomEntries(random, 5000);
      map.update(
        mapChanges(
          entries.map(({ key }) => key),
          next,
        ),
      );
      entries = next;
    }
    assert.ok(map.memoryBytes <= 1.1 * before);
  });

  test('a number of shards that is no power of two stops the program', () => {
    for (const shards of [0, 3, 512, -1])
      assert.throws(() => createKernelCoinMap({ shards }), AssertionError);
  });
});

describe('versions over the kernel coin map', () => {
  test('differ by more coins than a call has arguments', () => {
    const count = 80_000;
    const changes = (salt: number) =>
      Array.from({ length: count }, (_, i): CoinChange => {
        const key = new Uint8Array(32).fill(salt);
        new DataView(key.buffer).setUint32(0, i * 50_000 + salt);
        return { key, coin };
      });
    const coin = { index: 0, asset: 0, amount: amount(1), address: ZERO_HASH, height: 1, reward: false };
    const genesis = MapCoins.over(createKernelCoinMap());
    const first = genesis.apply(changes(1)).coins;
    const second = first.apply(changes(2)).coins;
    const forth = genesis.differences(second);
    assert.equal(forth.count, 2 * count);
    assert.ok(forth.before.every((word) => word === 0));
    assert.equal(second.size, 2 * count);
    const back = second.differences(genesis);
    assert.deepEqual([back.count, back.before], [forth.count, forth.after]);
  });
});
