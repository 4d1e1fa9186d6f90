import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CoinMapChanges } from './coin-map.ts';
import { COIN_KEY_WORDS, COIN_RECORD_WORDS } from './coin-map.ts';
import { MapCoins } from './map-coins.ts';
import { exampleCoin, hashOf } from './state.testing.ts';
import { TreeCoinMap } from './tree-coin-map.ts';
import { CoinsLost, WholeCoinMap } from './whole-coin-map.ts';

/** A map whose memory ends while it is changed: it removes, and traps before it adds. */
class TrappingMap extends TreeCoinMap {
  isFull = false;

  override update(changes: CoinMapChanges): void {
    super.update(this.isFull ? { ...changes, addedCount: 0 } : changes);
    if (this.isFull) throw new RangeError('unreachable');
  }
}

describe('a coin map that was left half way through a change', () => {
  it('never answers again, whatever is asked', () => {
    const trapping = new TrappingMap();
    const map = new WholeCoinMap(trapping);
    trapping.isFull = true;
    const none = new Int32Array(0);
    const update = () => map.update({ removed: none, removedCount: 0, added: none, addedCount: 0 });
    assert.throws(update, CoinsLost);
    trapping.isFull = false;
    const record = new Int32Array(COIN_RECORD_WORDS);
    const questions = [
      update,
      () => map.size,
      () => map.find(new Int32Array(COIN_KEY_WORDS), 1, record),
      () => map.reserve(1),
      () => map.refresh(1),
      () => map.root(),
      () => map.prove(hashOf(1)),
      () => map.scan(new Int32Array(COIN_KEY_WORDS), 0, none),
    ];
    for (const question of questions) assert.throws(question, CoinsLost);
  });

  it('gives no version of its coins away, old or new', () => {
    const trapping = new TrappingMap();
    const first = MapCoins.over(trapping).apply([{ key: hashOf(1), coin: exampleCoin(1) }]).coins;
    const second = first.apply([{ key: hashOf(1), coin: undefined }]).coins;
    trapping.isFull = true;
    // To prove something of the older version the map goes back there.
    assert.throws(() => first.prove(hashOf(1)), CoinsLost);
    trapping.isFull = false;
    for (const coins of [first, second]) {
      assert.throws(() => coins.get(hashOf(1)), CoinsLost);
      assert.throws(() => coins.apply([]), CoinsLost);
      assert.throws(() => [...coins.entries(10)], CoinsLost);
    }
  });
});
