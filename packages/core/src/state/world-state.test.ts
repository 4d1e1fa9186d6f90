import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../base/bytes.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { encodeChanges, parseChanges, type StateChanges } from './changes.ts';
import { type Coin, coinHash } from './coin.ts';
import { naiveCoin, naiveHash, naiveRoot } from './naive.testing.ts';
import { arbitraryChanges, exampleCoin, hashOf, storageName } from './state.testing.ts';
import type { StorageEntry } from './storage.ts';
import {
  applyChanges,
  emptyState,
  getCoin,
  getValue,
  stateCoins,
  stateEntries,
  stateRoot,
} from './world-state.ts';

/** Two plain maps: what a state is, without any tree. */
class NaiveState {
  readonly coins = new Map<string, { key: Uint8Array; coin: Coin }>();
  readonly storage = new Map<string, StorageEntry>();

  apply({ coins, storage }: StateChanges): void {
    for (const { key, coin } of coins) {
      if (coin === undefined) this.coins.delete(toHex(key));
      else this.coins.set(toHex(key), { key, coin });
    }
    for (const { namespace, key, value } of storage) {
      const name = storageName({ namespace, key });
      if (value === undefined) this.storage.delete(name);
      else this.storage.set(name, { namespace, key, value });
    }
  }

  root(): Uint8Array {
    const coins = [...this.coins.values()].map(({ key, coin }) => ({
      key,
      valueHash: naiveHash('coin', naiveCoin(coin)),
    }));
    const storage = [...this.storage.values()].map(({ namespace, key, value }) => ({
      key: naiveHash('storage-key', Uint8Array.of(namespace), key),
      valueHash: naiveHash('storage-value', Uint8Array.of(namespace), value),
    }));
    return naiveHash('state-root', naiveRoot(coins), naiveRoot(storage));
  }
}

describe('world state', () => {
  test('without anything has the root of two empty maps', () => {
    assert.deepEqual(stateRoot(emptyState), naiveHash('state-root', ZERO_HASH, ZERO_HASH));
  });

  test('equals two plain maps after any changes', () => {
    fc.assert(
      fc.property(fc.array(arbitraryChanges, { maxLength: 5 }), (blocks) => {
        const naive = new NaiveState();
        let state = emptyState;
        for (const changes of blocks) {
          ({ state } = applyChanges(state, changes));
          naive.apply(changes);
          assert.deepEqual(stateRoot(state), naive.root());
        }
        for (const { key, coin } of naive.coins.values()) assert.deepEqual(getCoin(state, key), coin);
        for (const { namespace, key, value } of naive.storage.values()) {
          assert.deepEqual(getValue(state, namespace, key), value);
        }
        const names = [...stateEntries(state)].map(storageName);
        assert.deepEqual(names.toSorted(), [...naive.storage.keys()].toSorted());
        const tokens = [...stateEntries(state, 2)].map(storageName);
        assert.deepEqual(
          tokens,
          names.filter((name) => name.startsWith('2/')),
        );
        const keys = [...stateCoins(state)].map(({ key }) => toHex(key));
        assert.deepEqual(keys, [...naive.coins.keys()].toSorted());
      }),
      { numRuns: 100 },
    );
  });

  test('goes back by its undo records, block by block, through their bytes', () => {
    fc.assert(
      fc.property(fc.array(arbitraryChanges, { maxLength: 5 }), (blocks) => {
        const past: { root: Uint8Array; undo: Uint8Array }[] = [];
        let state = emptyState;
        for (const changes of blocks) {
          const applied = applyChanges(state, changes);
          past.push({ root: stateRoot(state), undo: encodeChanges(applied.undo) });
          state = applied.state;
        }
        for (const { root, undo } of past.toReversed()) {
          const parsed = parseChanges(undo);
          assert.ok(parsed.ok);
          ({ state } = applyChanges(state, parsed.value));
          assert.deepEqual(stateRoot(state), root);
        }
        assert.deepEqual(state, emptyState);
      }),
      { numRuns: 100 },
    );
  });

  test('keeps an empty value apart from an absent one', () => {
    const key = Uint8Array.of(1);
    const set = (value: Uint8Array | undefined) => ({
      coins: [],
      storage: [{ namespace: 3 as const, key, value }],
    });
    const { state } = applyChanges(emptyState, set(new Uint8Array(0)));
    assert.deepEqual(getValue(state, 3, key), new Uint8Array(0));
    assert.notDeepEqual(stateRoot(state), stateRoot(emptyState));
    assert.equal(getValue(applyChanges(state, set(undefined)).state, 3, key), undefined);
    assert.equal(getValue(state, 2, key), undefined);
  });

  test('an older state can still be read', () => {
    const coin = exampleCoin(1);
    const key = hashOf(1);
    const first = applyChanges(emptyState, { coins: [{ key, coin }], storage: [] });
    const second = applyChanges(first.state, { coins: [{ key, coin: undefined }], storage: [] });
    assert.equal(getCoin(second.state, key), undefined);
    const old = getCoin(first.state, key);
    assert.ok(old);
    assert.deepEqual(coinHash(old), coinHash(coin));
  });
});
