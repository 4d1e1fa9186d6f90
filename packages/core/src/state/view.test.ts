import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { amount } from '../base/amount.ts';
import { compareCoinChanges, encodeChanges } from './changes.ts';
import { arbitraryChanges, arbitraryCoin, exampleCoin, hashOf } from './state.testing.ts';
import { STORAGE_KEY_BYTES_MAX, STORAGE_VALUE_BYTES_MAX } from './storage.ts';
import { Overlay, viewOf } from './view.ts';
import { applyChanges, emptyState, getCoin, getValue, stateRoot, type WorldState } from './world-state.ts';

const coins = Array.from({ length: 10 }, (_, n) => ({ key: hashOf(n), coin: exampleCoin(n) }));
const key = Uint8Array.of(7);
const value = Uint8Array.of(1, 2);
const base = applyChanges(emptyState, {
  coins,
  storage: [{ namespace: 1, key, value }],
}).state;

describe('overlay', () => {
  test('reads through to the base until it is written', () => {
    const overlay = new Overlay(viewOf(base));
    assert.deepEqual(overlay.coin(hashOf(3)), exampleCoin(3));
    assert.deepEqual(overlay.spendCoin(hashOf(3)), exampleCoin(3));
    assert.equal(overlay.coin(hashOf(3)), undefined);
    assert.equal(overlay.spendCoin(hashOf(3)), undefined);
    assert.deepEqual(overlay.value(1, key), value);
    assert.equal(overlay.value(2, key), undefined);
    overlay.setValue(1, key, new Uint8Array(0));
    assert.deepEqual(overlay.value(1, key), new Uint8Array(0));
    overlay.deleteValue(1, key);
    assert.equal(overlay.value(1, key), undefined);
    assert.deepEqual(getCoin(base, hashOf(3)), exampleCoin(3));
    assert.deepEqual(getValue(base, 1, key), value);
  });

  test('never replaces a coin', () => {
    const overlay = new Overlay(viewOf(base));
    assert.equal(overlay.addCoin(hashOf(3), exampleCoin(4)), false);
    assert.deepEqual(overlay.coin(hashOf(3)), exampleCoin(3));
    assert.equal(overlay.addCoin(hashOf(30), exampleCoin(4)), true);
    assert.equal(overlay.addCoin(hashOf(30), exampleCoin(4)), false);
  });

  test('names only what differs in the end', () => {
    const overlay = new Overlay(viewOf(base));
    overlay.addCoin(hashOf(30), exampleCoin(1));
    overlay.spendCoin(hashOf(30));
    overlay.spendCoin(hashOf(3));
    overlay.addCoin(hashOf(3), { ...exampleCoin(3) });
    overlay.setValue(1, key, Uint8Array.of(9));
    overlay.setValue(1, key, value.slice());
    overlay.setValue(2, key, value);
    overlay.deleteValue(2, key);
    overlay.deleteValue(3, key);
    assert.deepEqual(overlay.changes(), { coins: [], storage: [] });
    overlay.spendCoin(hashOf(3));
    overlay.addCoin(hashOf(3), { ...exampleCoin(3), amount: amount(1) });
    assert.equal(overlay.changes().coins.length, 1);
  });

  test('takes back everything since a mark, marks within marks included', () => {
    const overlay = new Overlay(viewOf(base));
    overlay.spendCoin(hashOf(1));
    const outer = overlay.mark();
    const before = overlay.changes();
    overlay.spendCoin(hashOf(2));
    overlay.setValue(1, key, Uint8Array.of(5));
    const inner = overlay.mark();
    const middle = overlay.changes();
    overlay.setValue(1, key, Uint8Array.of(6));
    overlay.deleteValue(1, key);
    overlay.addCoin(hashOf(2), exampleCoin(2));
    overlay.rollback(inner);
    assert.deepEqual(overlay.changes(), middle);
    assert.deepEqual(overlay.value(1, key), Uint8Array.of(5));
    overlay.rollback(outer);
    assert.deepEqual(overlay.changes(), before);
    assert.deepEqual(overlay.coin(hashOf(2)), exampleCoin(2));
    assert.throws(() => overlay.rollback(inner), /taken back/);
  });

  test('stacks on another overlay', () => {
    const below = new Overlay(viewOf(base));
    below.spendCoin(hashOf(1));
    below.setValue(1, key, Uint8Array.of(5));
    const above = new Overlay(below);
    assert.equal(above.spendCoin(hashOf(1)), undefined);
    assert.deepEqual(above.value(1, key), Uint8Array.of(5));
    above.deleteValue(1, key);
    above.addCoin(hashOf(1), exampleCoin(1));
    assert.deepEqual(above.changes(), {
      coins: [{ key: hashOf(1), coin: exampleCoin(1) }],
      storage: [{ namespace: 1, key, value: undefined }],
    });
    assert.equal(below.coin(hashOf(1)), undefined);
  });

  test('refuses to hold what cannot be encoded', () => {
    const overlay = new Overlay(viewOf(base));
    const longKey = new Uint8Array(STORAGE_KEY_BYTES_MAX + 1);
    const longValue = new Uint8Array(STORAGE_VALUE_BYTES_MAX + 1);
    assert.throws(() => overlay.setValue(1, longKey, value), /too long/);
    assert.throws(() => overlay.setValue(1, key, longValue), /too long/);
    overlay.setValue(1, longKey.subarray(1), longValue.subarray(1));
    assert.equal(overlay.changes().storage.length, 1);
  });
});

const arbitraryWrite = fc.oneof(
  fc.record({ kind: fc.constant('spend' as const), n: fc.nat(12) }),
  fc.record({ kind: fc.constant('add' as const), n: fc.nat(12), coin: arbitraryCoin }),
  fc.record({
    kind: fc.constant('set' as const),
    n: fc.nat(5),
    bytes: fc.uint8Array({ maxLength: 2, max: 2 }),
  }),
  fc.record({ kind: fc.constant('delete' as const), n: fc.nat(5) }),
  fc.record({ kind: fc.constant('mark' as const) }),
  fc.record({ kind: fc.constant('rollback' as const) }),
);

describe('overlay: against a state that is copied whole', () => {
  test('any writes, marks and rollbacks end in the same state, by minimal canonical changes', () => {
    fc.assert(
      fc.property(arbitraryChanges, fc.array(arbitraryWrite, { maxLength: 60 }), (start, writes) => {
        const origin = applyChanges(emptyState, start).state;
        const overlay = new Overlay(viewOf(origin));
        let twin: WorldState = origin;
        const marks: { mark: ReturnType<Overlay['mark']>; twin: WorldState }[] = [];
        const change = (coinChange: Parameters<typeof applyChanges>[1]) => {
          twin = applyChanges(twin, coinChange).state;
        };
        for (const write of writes) {
          if (write.kind === 'mark') marks.push({ mark: overlay.mark(), twin });
          else if (write.kind === 'rollback') {
            const saved = marks.pop();
            if (saved !== undefined) {
              overlay.rollback(saved.mark);
              twin = saved.twin;
            }
          } else if (write.kind === 'spend') {
            assert.deepEqual(overlay.spendCoin(hashOf(write.n)), getCoin(twin, hashOf(write.n)));
            change({ coins: [{ key: hashOf(write.n), coin: undefined }], storage: [] });
          } else if (write.kind === 'add') {
            const free = getCoin(twin, hashOf(write.n)) === undefined;
            assert.equal(overlay.addCoin(hashOf(write.n), write.coin), free);
            if (free) change({ coins: [{ key: hashOf(write.n), coin: write.coin }], storage: [] });
          } else {
            const bytes = write.kind === 'set' ? write.bytes : undefined;
            const at = Uint8Array.of(write.n);
            if (bytes === undefined) overlay.deleteValue(2, at);
            else overlay.setValue(2, at, bytes);
            change({ coins: [], storage: [{ namespace: 2, key: at, value: bytes }] });
          }
        }
        const changes = overlay.changes();
        assert.deepEqual(stateRoot(applyChanges(origin, changes).state), stateRoot(twin));
        // Canonical, and minimal: leaving out any one change leads elsewhere.
        encodeChanges(changes);
        assert.deepEqual(changes.coins.toSorted(compareCoinChanges), changes.coins);
        for (const [i] of changes.coins.entries()) {
          const fewer = { ...changes, coins: changes.coins.toSpliced(i, 1) };
          assert.notDeepEqual(stateRoot(applyChanges(origin, fewer).state), stateRoot(twin));
        }
        for (const [i] of changes.storage.entries()) {
          const fewer = { ...changes, storage: changes.storage.toSpliced(i, 1) };
          assert.notDeepEqual(stateRoot(applyChanges(origin, fewer).state), stateRoot(twin));
        }
      }),
      { numRuns: 150 },
    );
  });
});
