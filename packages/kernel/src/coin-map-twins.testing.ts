import assert from 'node:assert/strict';
import { compareBytes, toHex } from '@calin/core/base/bytes.ts';
import type { SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { type Hash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { findAll, type MapEntry, mapChanges, scanFrom } from '@calin/core/state/coin-map.testing.ts';
import type { CoinMap } from '@calin/core/state/coin-map.ts';
import { TreeCoinMap } from '@calin/core/state/tree-coin-map.ts';
import { createKernelCoinMap } from './kernel-coin-map.ts';

/** The kernel's coin map in several numbers of shards beside its twin; every step does the same to all. */
export class CoinMapTwins {
  /** What is in the maps, in no order. */
  readonly entries: MapEntry[] = [];
  readonly #tree = new TreeCoinMap();
  readonly #kernels: readonly CoinMap[];

  constructor(shards: readonly number[]) {
    this.#kernels = shards.map((count) => createKernelCoinMap({ shards: count }));
  }

  /** Removes the entries at some positions and adds others; compares nothing. */
  update(removedAt: readonly number[], added: readonly MapEntry[]): void {
    const removed = removedAt.map((i) => (this.entries[i] as MapEntry).key);
    for (const i of removedAt.toSorted((a, b) => b - a)) {
      const last = this.entries.pop() as MapEntry;
      if (i < this.entries.length) this.entries[i] = last;
    }
    for (const entry of added) this.entries.push(entry);
    const changes = mapChanges(removed, added);
    for (const map of [this.#tree, ...this.#kernels]) {
      assert.equal(map.reserve(added.length), true);
      map.update(changes);
    }
  }

  /** Has the kernel's maps do a part of their hashing. */
  refresh(partsMax: number): void {
    for (const map of this.#kernels) map.refresh(partsMax);
  }

  /** Roots and sizes are the same. */
  compareRoots(): void {
    const root = toHex(this.#tree.root());
    for (const map of this.#kernels) {
      assert.equal(toHex(map.root()), root);
      assert.equal(map.size, this.entries.length);
    }
  }

  /** Records, proofs and scans of some keys are the same: of coins, of their neighbours and of others. */
  compareContent(random: SeededRandom, tries: number): void {
    const keys = Array.from({ length: tries }, () => this.#someKey(random));
    const records = findAll(this.#tree, keys);
    for (const map of this.#kernels) {
      assert.deepEqual(findAll(map, keys), records);
      for (const key of keys) assert.deepEqual(map.prove(key), this.#tree.prove(key));
      for (const key of keys.slice(0, 3)) {
        const countMax = random.below(50);
        assert.deepEqual(scanFrom(map, key, countMax), scanFrom(this.#tree, key, countMax));
      }
    }
  }

  /** A scan of everything gives everything, in order. */
  compareAll(): void {
    const all = this.entries
      .toSorted((a, b) => compareBytes(a.key, b.key))
      .map(({ key, record }) => toHex(key) + toHex(record));
    for (const map of this.#kernels) assert.deepEqual(scanFrom(map, ZERO_HASH, all.length + 1), all);
  }

  #someKey(random: SeededRandom): Hash {
    const entry = this.entries[random.below(Math.max(1, this.entries.length))];
    if (entry === undefined || random.oneIn(4)) return random.bytes(32);
    const key = entry.key.slice();
    const bit = random.below(256);
    if (random.oneIn(2)) key[bit >>> 3] = (key[bit >>> 3] as number) ^ (0x80 >>> (bit & 7));
    return key;
  }
}

/** Different positions below `end`, up to `count` of them. */
export function somePositions(random: SeededRandom, end: number, count: number): number[] {
  const positions = new Set<number>();
  for (let i = 0; i < count && end > 0; i++) positions.add(random.below(end));
  return [...positions];
}
