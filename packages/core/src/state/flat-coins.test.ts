import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Amount, amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { type CoinChange, encodeCoinChanges } from './changes.ts';
import { type Coin, coinKey, encodeCoin, equalCoins } from './coin.ts';
import { mapChanges, wordsOf } from './coin-map.testing.ts';
import { COIN_ENTRY_WORDS, COIN_RECORD_WORDS, type CoinMap } from './coin-map.ts';
import { TreeCoins } from './coin-state.ts';
import { FlatCoins } from './flat-coins.ts';
import { hashOf } from './state.testing.ts';
import { TreeCoinMap } from './tree-coin-map.ts';
import { Overlay, type StateView } from './view.ts';

/** Bytes of an outpoint, then of an output, as they stand in a transaction. */
function outpointWords({ txid, index }: Outpoint): Int32Array {
  return wordsOf([txid, new Uint8Array(Uint32Array.of(index).buffer)]);
}

function outputWords(coin: Coin): Int32Array {
  return wordsOf([encodeCoin(coin).slice(0, 48)]);
}

function randomCoin(random: SeededRandom, index: number): Coin {
  return {
    index,
    asset: random.oneIn(2) ? 0 : random.u32() * 2 ** 21 + random.below(2 ** 21),
    amount: amount(random.oneIn(8) ? Number.MAX_SAFE_INTEGER : 1 + random.below(3)),
    address: hashOf(random.below(4)),
    height: random.pick([0, 7, 0xffff_ffff]),
    reward: random.oneIn(2),
  };
}

/** Few outpoints, so that they meet again; many of one txid, and some whose keys begin alike. */
function outpoints(random: SeededRandom): Outpoint[] {
  const txids = Array.from({ length: 12 }, (_, i) => {
    const txid = hashOf(random.u32());
    if (i >= 6) txid.set([1, 2, 3, 4]);
    return txid;
  });
  return txids.flatMap((txid) => [0, 1, 2, 254].map((index) => ({ txid, index })));
}

/** A flat overlay beside the reference, on top of the same coins. */
class Pair {
  readonly map = new TreeCoinMap();
  readonly flat: FlatCoins;
  overlay: Overlay;
  readonly #outpoints: readonly Outpoint[];
  readonly #random: SeededRandom;
  #coins = new TreeCoins();

  constructor(random: SeededRandom, flat: FlatCoins) {
    this.#random = random;
    this.#outpoints = outpoints(random);
    const present = this.#outpoints.filter(() => random.oneIn(2));
    const coins = present.map(({ txid, index }) => ({
      key: coinKey(txid, index),
      coin: randomCoin(random, index),
    }));
    this.map.update(
      mapChanges(
        [],
        coins.map(({ key, coin }) => ({ key, record: encodeCoin(coin) })),
      ),
    );
    this.#coins = this.#coins.apply(coins).coins;
    this.flat = flat;
    flat.reset(this.map, hashOf(random.u32()));
    this.overlay = new Overlay(this.#view());
  }

  /** One random operation on both; they must answer alike. */
  step(): void {
    const { overlay, flat } = this;
    const random = this.#random;
    const outpoint = random.pick(this.#outpoints);
    const key = coinKey(outpoint.txid, outpoint.index);
    switch (random.below(5)) {
      case 0:
        assert.deepEqual(flat.coin(key), overlay.coin(key));
        break;
      case 1:
        assert.deepEqual(flat.spendCoin(key), overlay.spendCoin(key));
        break;
      case 2: {
        // The coin that the base has, now and then, so that a change may lead back.
        const coin = random.oneIn(2) ? this.#coins.get(key) : undefined;
        const added = coin ?? randomCoin(random, outpoint.index);
        assert.equal(flat.addCoin(key, added), overlay.addCoin(key, added));
        break;
      }
      case 3:
        this.#spendWords(outpoint);
        break;
      default:
        this.#addWords(outpoint);
    }
  }

  /** Random operations, of which some are taken back. */
  run(depth: number): void {
    const random = this.#random;
    for (let round = random.below(12); round > 0; round--) {
      if (depth > 0 && random.oneIn(4)) {
        const marks = [this.flat.mark(), this.overlay.mark()] as const;
        this.run(depth - 1);
        if (random.oneIn(2)) continue;
        this.flat.rollback(marks[0]);
        this.overlay.rollback(marks[1]);
      } else {
        this.step();
      }
    }
  }

  /** Carries both out: the same root, the same bytes, and the way back leads back. Returns how much has changed. */
  finish(): number {
    const { coins: changes } = this.overlay.changes();
    const { coins, undo } = this.#coins.apply(changes);
    const undoBytes = this.flat.encodeUndo();
    assert.equal(toHex(undoBytes), toHex(encodeCoinChanges(undo)));
    const flatChanges = this.flat.changes();
    assert.deepEqual(flatChanges, this.#expected(changes));
    assert.equal(toHex(this.flat.encodeUndo()), toHex(undoBytes));
    assert.equal(flatChanges.removed.length, 8 * flatChanges.removedCount);
    assert.equal(flatChanges.added.length, COIN_ENTRY_WORDS * flatChanges.addedCount);
    this.map.update(flatChanges);
    assert.deepEqual(this.map.root(), coins.root());
    this.#coins = coins;
    this.flat.reset(this.map, hashOf(this.#random.u32()));
    this.overlay = new Overlay(this.#view());
    return changes.length;
  }

  #spendWords(outpoint: Outpoint): void {
    const at = this.#random.below(4);
    const words = wordsOf([new Uint8Array(4 * at), new Uint8Array(outpointWords(outpoint).buffer)]);
    this.flat.prefetch(words, Uint32Array.of(at, at), 0, 2);
    const spent = this.overlay.spendCoin(coinKey(outpoint.txid, outpoint.index));
    const record = this.flat.spend(words, at);
    assert.equal(record >= 0, spent !== undefined);
    if (spent === undefined) return;
    const got = this.flat.records.slice(record, record + COIN_RECORD_WORDS);
    assert.deepEqual(new Uint8Array(got.buffer), encodeCoin(spent));
  }

  /** Only where no coin is: the hot path knows that a txid is new. */
  #addWords({ txid, index }: Outpoint): void {
    if (this.overlay.coin(coinKey(txid, index)) !== undefined) return;
    // One that the base has, and that was spent, is known as such when it was looked up.
    this.flat.prefetch(outpointWords({ txid, index }), Uint32Array.of(0), 0, 1);
    const coin = { ...randomCoin(this.#random, index), reward: false };
    this.overlay.addCoin(coinKey(txid, index), coin);
    const shift = this.#random.below(3);
    const words = wordsOf([new Uint8Array(4 * shift), new Uint8Array(outputWords(coin).buffer)]);
    const txids = wordsOf([new Uint8Array(32), txid]);
    this.flat.add(txids, 8, index, words, shift, coin.height);
  }

  #expected(changes: readonly CoinChange[]) {
    const removed = changes.filter(({ key }) => this.#coins.get(key) !== undefined).map(({ key }) => key);
    const added = changes.flatMap(({ key, coin }) =>
      coin === undefined ? [] : [{ key, record: encodeCoin(coin) }],
    );
    return mapChanges(removed, added);
  }

  #view(): StateView {
    const coins = this.#coins;
    return { coin: (key) => coins.get(key), value: () => undefined };
  }
}

describe('the coins of a block', () => {
  it('are those of the reference overlay, whatever happens, block after block', () => {
    const flat = new FlatCoins(new TreeCoinMap());
    let changed = 0;
    for (let seed = 0; seed < 150; seed++) {
      const pair = new Pair(seededRandom(seed), flat);
      for (let block = 0; block < 3; block++) {
        for (let round = 0; round < 4; round++) pair.run(3);
        changed += pair.finish();
      }
    }
    assert.ok(changed > 1000, `${changed} changes`);
  });

  const txids = wordsOf([hashOf(1), hashOf(2)]);
  const output = outputWords(randomCoin(seededRandom(1), 0));

  it('do not show what was made and spent inside', () => {
    const flat = new FlatCoins(new TreeCoinMap());
    flat.add(txids, 0, 3, output, 0, 9);
    assert.ok(flat.spend(outpointWords({ txid: hashOf(1), index: 3 }), 0) >= 0);
    assert.equal(flat.spend(outpointWords({ txid: hashOf(1), index: 3 }), 0), -1);
    assert.deepEqual([flat.changes().removedCount, flat.changes().addedCount], [0, 0]);
    assert.deepEqual(flat.encodeUndo(), new Uint8Array(4));
  });

  it('cannot be added twice, nor taken back beyond the start', () => {
    const flat = new FlatCoins(new TreeCoinMap());
    flat.add(txids, 0, 3, output, 0, 9);
    assert.throws(() => flat.add(txids, 0, 3, output, 0, 9), /a new txid has no coins yet/);
    assert.throws(() => flat.rollback(flat.mark() + 1), /already taken back/);
    assert.throws(() => flat.coin(new Uint8Array(31)), /32 bytes/);
  });

  it('leave no room behind when attempts are taken back', () => {
    const flat = new FlatCoins(new TreeCoinMap());
    const { length } = flat.records;
    for (let attempt = 0; attempt < 3 * length; attempt++) {
      const mark = flat.mark();
      for (let index = 0; index < 4; index++) flat.add(txids, 8 * (attempt % 2), index, output, 0, 9);
      flat.rollback(mark);
    }
    assert.equal(flat.records.length, length);
  });

  it('that are made up as inputs take no room either', () => {
    const map = new TreeCoinMap();
    const flat = new FlatCoins(map);
    const random = seededRandom(2);
    const words = wordsOf(Array.from({ length: 9000 }, () => random.bytes(36)));
    const offsets = Uint32Array.from({ length: 9000 }, (_, i) => 9 * i);
    const { length } = flat.records;
    flat.prefetch(words, offsets, 0, 9000);
    // No more than one call to the map needs.
    assert.ok(flat.records.length <= Math.max(length, 2 * 4096 * COIN_RECORD_WORDS));
    for (const at of offsets) assert.equal(flat.spend(words, at), -1);
    assert.equal(flat.changes().removedCount, 0);
  });

  it('are found when there are many, across the calls to the map', () => {
    // Every other one is made up.
    const keys: Hash[] = Array.from({ length: 10_000 }, (_, i) => hashOf(i));
    const record = encodeCoin({ ...randomCoin(seededRandom(3), 0), amount: 5 as Amount });
    const map = new TreeCoinMap();
    map.update(
      mapChanges(
        [],
        keys.filter((_, i) => i % 2 === 0).map((key) => ({ key, record })),
      ),
    );
    const flat = new FlatCoins(map);
    const words = wordsOf(keys.map((txid) => new Uint8Array(outpointWords({ txid, index: 0 }).buffer)));
    const offsets = Uint32Array.from(keys, (_, i) => 9 * i);
    flat.prefetch(words, offsets, 10, keys.length);
    const isFound = (i: number) => i >= 10 && i % 2 === 0;
    for (const [i, at] of offsets.entries()) assert.equal(flat.spend(words, at) >= 0, isFound(i));
    const sorted = keys
      .filter((_, i) => isFound(i))
      .map(toHex)
      .toSorted((a, b) => (a < b ? -1 : 1));
    assert.equal(flat.changes().removedCount, sorted.length);
    const undo = flat.encodeUndo();
    assert.deepEqual(
      sorted,
      sorted.map((_, i) => toHex(undo.subarray(4 + 89 * i, 36 + 89 * i))),
    );
  });

  it('give back the room of an uncommonly large block', () => {
    const flat: FlatCoins = new FlatCoins(new TreeCoinMap());
    const before = flat.records.length;
    const ids = new Int32Array(8);
    for (let i = 0; i < 270_000; i++) {
      ids[0] = i;
      flat.add(ids, 0, 0, output, 0, 9);
    }
    assert.ok(flat.records.length > 270_000 * COIN_RECORD_WORDS - 1);
    assert.equal(flat.changes().addedCount, 270_000);
    const map: CoinMap = new TreeCoinMap();
    flat.reset(map);
    assert.equal(flat.mark(), 0);
    assert.equal(flat.records.length, before);
    assert.equal(flat.changes().addedCount, 0);
  });
});

describe('the coins of a block over the same record', () => {
  it('are unchanged when it was spent and made again', () => {
    const coin = randomCoin(seededRandom(4), 1);
    const key = coinKey(hashOf(1), 1);
    const map = new TreeCoinMap();
    map.update(mapChanges([], [{ key, record: encodeCoin(coin) }]));
    const flat = new FlatCoins(map);
    const spent = flat.spendCoin(key);
    assert.ok(spent !== undefined && equalCoins(spent, coin));
    assert.ok(flat.addCoin(key, coin));
    assert.deepEqual([flat.changes().removedCount, flat.changes().addedCount], [0, 0]);
  });
});
