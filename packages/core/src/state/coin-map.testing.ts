import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AssertionError } from '../base/assert.ts';
import { compareBytes, toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import { type Hash, hash, ZERO_HASH } from '../crypto/hash.ts';
import { COIN_ENTRY_WORDS, COIN_RECORD_WORDS, type CoinMap, type CoinMapChanges } from './coin-map.ts';
import { naiveRoot } from './naive.testing.ts';
import { verifyTreeProof } from './proof.ts';

/** A coin as a map sees it: 32 bytes of key, 56 bytes of record. */
export interface MapEntry {
  readonly key: Hash;
  readonly record: Uint8Array;
}

/** The same bytes as words; a copy, so that it is aligned. */
export function wordsOf(parts: readonly Uint8Array[]): Int32Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return new Int32Array(bytes.buffer);
}

/** Changes for {@link CoinMap.update}. */
export function mapChanges(removed: readonly Hash[], added: readonly MapEntry[]): CoinMapChanges {
  return {
    removed: wordsOf(removed),
    removedCount: removed.length,
    added: wordsOf(added.flatMap(({ key, record }) => [key, record])),
    addedCount: added.length,
  };
}

/**
 * A coin of a random key.
 *
 * @param prefixBits - how many bits the key has in common with `prefix`
 */
export function randomEntry(random: SeededRandom, prefix: Hash = ZERO_HASH, prefixBits = 0): MapEntry {
  const key = random.bytes(32);
  for (let bit = 0; bit < prefixBits; bit++) {
    const mask = 0x80 >>> (bit & 7);
    const at = bit >>> 3;
    key[at] = ((key[at] as number) & ~mask) | ((prefix[at] as number) & mask);
  }
  const record = random.bytes(56);
  record[8] = 1;
  return { key, record };
}

/** The records under some keys, as hex; zeros for none. */
export function findAll(map: CoinMap, keys: readonly Hash[]): string[] {
  // What stands in the output before the call must not show through.
  const records = new Int32Array(keys.length * COIN_RECORD_WORDS).fill(-1);
  map.find(wordsOf(keys), keys.length, records);
  return keys.map((_, i) => toHex(new Uint8Array(records.buffer, i * 56, 56)));
}

/** Up to `countMax` coins from a key on, as hex. */
export function scanFrom(map: CoinMap, from: Hash, countMax: number): string[] {
  const entries = new Int32Array(countMax * COIN_ENTRY_WORDS);
  const count = map.scan(wordsOf([from]), countMax, entries);
  return Array.from({ length: count }, (_, i) => toHex(new Uint8Array(entries.buffer, i * 88, 88)));
}

/** The root by the definition, computed anew from the entries. */
export function rootOf(entries: readonly MapEntry[]): Hash {
  return naiveRoot(entries.map(({ key, record }) => ({ key, valueHash: hash('coin', record) })));
}

/** Gives an empty map with room for at most so many coins. */
export type CreateMap = (coinsMax: number) => CoinMap;

/** What every coin map does. */
export function describeCoinMap(name: string, create: CreateMap): void {
  describeContent(name, create);
  describeRoot(name, create);
}

const random = seededRandom(7);
const entries = Array.from({ length: 300 }, (_, i) =>
  randomEntry(random, ZERO_HASH, i < 100 ? 0 : i % 40),
).toSorted((a, b) => compareBytes(a.key, b.key));
const keys = entries.map(({ key }) => key);
const absent = Array.from({ length: 20 }, () => random.bytes(32));
const hexOf = ({ key, record }: MapEntry) => toHex(key) + toHex(record);

function filledMap(create: CreateMap): CoinMap {
  const map = create(1000);
  assert.equal(map.reserve(entries.length), true);
  map.update(mapChanges([], entries));
  return map;
}

function describeContent(name: string, create: CreateMap): void {
  const filled = () => filledMap(create);
  describe(`${name}: what it holds`, () => {
    test('added coins are found, others are zeros', () => {
      const map = filled();
      assert.equal(map.size, entries.length);
      assert.deepEqual(findAll(map, [...keys, ...absent]), [
        ...entries.map(({ record }) => toHex(record)),
        ...absent.map(() => '00'.repeat(56)),
      ]);
    });

    test('a scan gives the coins in the order of their keys', () => {
      const map = filled();
      assert.deepEqual(scanFrom(map, ZERO_HASH, 1000), entries.map(hexOf));
      assert.deepEqual(scanFrom(map, keys[50] as Hash, 7), entries.slice(50, 57).map(hexOf));
      assert.deepEqual(scanFrom(map, keys[298] as Hash, 7), entries.slice(298).map(hexOf));
      const [first] = absent as [Hash];
      const after = entries.filter(({ key }) => compareBytes(key, first) > 0);
      assert.deepEqual(scanFrom(map, first, 3), after.slice(0, 3).map(hexOf));
      assert.deepEqual(scanFrom(map, new Uint8Array(32).fill(255), 3), []);
    });

    test('room is refused beyond the limit, and nothing changes', () => {
      const map = filled();
      const root = map.root();
      assert.equal(map.reserve(701), false);
      assert.equal(map.reserve(700), true);
      assert.deepEqual(map.root(), root);
      assert.equal(map.size, 300);
    });

    test('a removal of what is not there, or an addition of what is, stops the program', () => {
      const entry = entries[3] as MapEntry;
      const bad = [
        mapChanges([absent[0] as Hash], []),
        mapChanges([entry.key, entry.key], []),
        mapChanges([], [entry]),
        mapChanges([entry.key], [entry, entry]),
      ];
      for (const changes of bad) assert.throws(() => filled().update(changes), AssertionError);
      assert.throws(() => create(10).update(mapChanges([entry.key], [])), AssertionError);
    });
  });
}

function describeRoot(name: string, create: CreateMap): void {
  const filled = () => filledMap(create);
  describe(`${name}: its root`, () => {
    test('an empty map has the root of nothing', () => {
      const map = create(10);
      assert.equal(map.size, 0);
      assert.deepEqual(map.root(), ZERO_HASH);
      assert.deepEqual(map.prove(keys[0] as Hash), { siblings: [], end: { kind: 'empty' } });
      assert.deepEqual(scanFrom(map, ZERO_HASH, 5), []);
      assert.deepEqual(findAll(map, [absent[0] as Hash]), ['00'.repeat(56)]);
    });

    test('the root is the one of the definition, after additions and removals', () => {
      const map = filled();
      assert.deepEqual(map.root(), rootOf(entries));
      map.update(mapChanges(keys.slice(0, 299), []));
      assert.deepEqual(map.root(), rootOf(entries.slice(299)));
      map.update(mapChanges(keys.slice(299), entries.slice(10, 20)));
      assert.deepEqual(map.root(), rootOf(entries.slice(10, 20)));
      map.update(mapChanges(keys.slice(10, 20), []));
      assert.deepEqual(map.root(), ZERO_HASH);
      assert.equal(map.size, 0);
    });

    test('a coin may leave and come back changed in one update', () => {
      const map = filled();
      const changed = { key: keys[5] as Hash, record: (entries[6] as MapEntry).record };
      map.update(mapChanges([changed.key], [changed]));
      assert.deepEqual(findAll(map, [changed.key]), [toHex(changed.record)]);
      assert.deepEqual(map.root(), rootOf([...entries.slice(0, 5), changed, ...entries.slice(6)]));
    });

    test('proofs of presence and absence hold', () => {
      const map = filled();
      for (const { key, record } of entries.slice(0, 40)) {
        const proved = verifyTreeProof(map.root(), key, map.prove(key));
        assert.deepEqual(proved, { ok: true, value: { present: true, valueHash: hash('coin', record) } });
      }
      for (const key of absent) {
        const proved = verifyTreeProof(map.root(), key, map.prove(key));
        assert.deepEqual(proved, { ok: true, value: { present: false } });
      }
    });
  });
}
