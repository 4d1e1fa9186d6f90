import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VirtualClock } from './clock.ts';
import { Dice, seedOf } from './dice.ts';
import { SharedRecords, SimStore } from './store.ts';

const key = (n: number) => Uint8Array.of(1, n);
const put = (n: number, value: number) => ({ puts: [[key(n), Uint8Array.of(value)]] as const, deletes: [] });

function createStore() {
  const clock = new VirtualClock();
  const store = new SimStore({ syncUs: 10 }, { clock, shared: new SharedRecords() });
  return { clock, store };
}

describe('the disk of a simulated node', () => {
  it('shows what was handed over at once, and says later that it is safe, in order', () => {
    const { clock, store } = createStore();
    const safe: number[] = [];
    for (let n = 0; n < 3; n++) store.commit(put(n, n), () => safe.push(n));
    assert.deepEqual(store.get(key(2)), Uint8Array.of(2));
    assert.equal(store.size, 0);
    clock.runUntil(9);
    assert.deepEqual(safe, []);
    clock.runUntil(10);
    assert.deepEqual(safe, [0, 1, 2]);
    assert.equal(store.size, 3);
  });

  it('shows the last write of a key, and none after a delete', () => {
    const { clock, store } = createStore();
    store.commit(put(1, 1), () => {});
    store.commit(put(1, 2), () => {});
    assert.deepEqual(store.get(key(1)), Uint8Array.of(2));
    store.commit({ puts: [], deletes: [key(1)] }, () => {});
    assert.equal(store.get(key(1)), undefined);
    clock.runUntil(10);
    assert.equal(store.get(key(1)), undefined);
  });

  it('loses any tail of what is not safe in a crash, and nothing else', () => {
    const kept = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { clock, store } = createStore();
      const acknowledged: number[] = [];
      for (let n = 0; n < 2; n++) store.commit(put(n, n), () => acknowledged.push(n));
      clock.runUntil(10);
      for (let n = 2; n < 6; n++) store.commit(put(n, n), () => acknowledged.push(n));
      const found = store.crash(new Dice(seedOf(seed)));
      clock.runUntil(100);
      assert.deepEqual(acknowledged, [0, 1]);
      const left = Array.from({ length: 6 }, (_, n) => found.get(key(n)) !== undefined).lastIndexOf(true) + 1;
      for (let n = 0; n < left; n++) assert.deepEqual(found.get(key(n)), Uint8Array.of(n));
      assert.equal(found.size, left);
      kept.add(left);
      assert.throws(() => store.commit(put(9, 9), () => {}), /crashed/);
    }
    assert.deepEqual([...kept].toSorted(), [2, 3, 4, 5, 6]);
  });

  it('keeps equal values of all stores once', () => {
    const clock = new VirtualClock();
    const shared = new SharedRecords();
    const stores = [0, 1].map(() => new SimStore({ syncUs: 10 }, { clock, shared }));
    for (const store of stores) store.commit(put(1, 7), () => {});
    clock.runUntil(10);
    assert.equal(stores[0]?.get(key(1)), stores[1]?.get(key(1)));
    stores[0]?.commit(put(1, 8), () => {});
    clock.runUntil(20);
    assert.deepEqual(stores[0]?.get(key(1)), Uint8Array.of(8));
    assert.deepEqual(stores[1]?.get(key(1)), Uint8Array.of(7));
  });
});
