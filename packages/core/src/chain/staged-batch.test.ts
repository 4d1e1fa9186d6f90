import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../base/fuzz.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { storeOf } from './chain.testing.ts';
import { layout } from './layout.ts';
import { StagedBatch } from './staged-batch.ts';
import { UncommittedStore } from './uncommitted-store.ts';

const key = (n: number) => Uint8Array.of(1, n);

describe('a batch that is put together', () => {
  it('reads what it wrote over what the store has, and ends as that', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 30; round++) {
      const model = new Map<number, number>();
      const store = storeOf([
        {
          puts: [
            [key(0), key(9)],
            [key(1), key(9)],
            [key(2), key(9)],
          ],
          deletes: [],
        },
      ]);
      for (const n of [0, 1, 2]) model.set(n, 9);
      const writes = new StagedBatch(store);
      for (let i = 0; i < 20; i++) {
        const n = random.below(6);
        if (random.oneIn(3)) {
          writes.delete(key(n));
          model.delete(n);
        } else {
          writes.put(key(n), key(i));
          model.set(n, i);
        }
        for (let k = 0; k < 6; k++) assert.equal(writes.get(key(k))?.[1], model.get(k));
      }
      store.commit(writes.finish(), () => {});
      for (let k = 0; k < 6; k++) assert.equal(store.get(key(k))?.[1], model.get(k));
    }
  });
});

describe('a store that is behind', () => {
  const numbered = (store: UncommittedStore, sequence: number, ...deleted: number[]) => {
    const writes = new StagedBatch(store);
    writes.put(layout.head, Uint8Array.of(sequence));
    writes.put(key(sequence), Uint8Array.of(sequence));
    for (const n of deleted) writes.delete(key(n));
    store.add(writes);
    return writes.finish();
  };

  it('shows the last batch first, and the deletes', () => {
    const behind = new UncommittedStore(new MemoryStore());
    numbered(behind, 1);
    numbered(behind, 2);
    numbered(behind, 3, 1);
    assert.deepEqual(
      [1, 2, 3].map((n) => behind.get(key(n))?.[0]),
      [undefined, 2, 3],
    );
    assert.equal(behind.get(layout.head)?.[0], 3);
  });

  it('forgets batches once the store has the last of them, not before', () => {
    const store = new MemoryStore();
    const behind = new UncommittedStore(store);
    const batches = [numbered(behind, 1), numbered(behind, 2, 1)];
    store.commit(batches[0] as (typeof batches)[0], () => {});
    behind.settle();
    assert.equal(behind.get(key(1)), undefined);
    assert.equal(behind.get(key(2))?.[0], 2);
    store.commit(batches[1] as (typeof batches)[0], () => {});
    behind.settle();
    store.commit({ puts: [[key(2), Uint8Array.of(7)]], deletes: [] }, () => {});
    assert.equal(behind.get(key(2))?.[0], 7);
  });

  it('stops when nobody commits', () => {
    const behind = new UncommittedStore(new MemoryStore());
    assert.throws(() => {
      for (let i = 0; i < 5_000; i++) numbered(behind, i % 256);
    }, /not committed/);
  });
});
