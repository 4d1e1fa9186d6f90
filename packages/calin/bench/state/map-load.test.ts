import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COIN_RECORD_WORDS } from '@calin/core/state/coin-map.ts';
import { TreeCoinMap } from '@calin/core/state/tree-coin-map.ts';
import { MapLoad } from './map-load.ts';

test('the oldest coins go, new ones come, and foreign ones are never there', () => {
  const map = new TreeCoinMap();
  const load = new MapLoad(map);
  load.fill(100);
  const first = load.keys(10);
  load.change(10, 20);
  assert.equal(map.size, 110);
  const amounts = (keys: Int32Array) => {
    const records = new Int32Array(10 * COIN_RECORD_WORDS);
    map.find(keys, 10, records);
    return Array.from({ length: 10 }, (_, i) => records[i * COIN_RECORD_WORDS + 2]);
  };
  assert.deepEqual(amounts(first), Array(10).fill(0));
  assert.deepEqual(
    amounts(load.keys(10)),
    Array.from({ length: 10 }, (_, i) => 11 + i),
  );
  assert.deepEqual(amounts(load.foreignKeys(10)), Array(10).fill(0));
});
