import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from './memory-store.ts';
import type { StoreFailure } from './store.ts';
import { committed, key, puts, storeCompliance } from './store-compliance.testing.ts';

const BROKEN: StoreFailure = {
  rule: 'store/io',
  message: 'The disk is broken.',
  help: 'Replace it.',
  evidence: {},
  banPoints: 0,
  retry: false,
};

for (const [name, schedule] of [
  ['memory, at once', (write: () => void) => write()],
  ['memory, later', (write: () => void) => void setImmediate(write)],
] as const) {
  storeCompliance(name, async () => {
    let store = new MemoryStore({ schedule });
    return {
      store,
      async reopen() {
        while (store.pendingCommits > 0) await new Promise((resolve) => setImmediate(resolve));
        store = store.crash({ schedule });
        return store;
      },
      breakDisk: async () => store.fail(BROKEN),
      dispose: async () => {},
    };
  });
}

describe('a crash of the memory store', () => {
  it('keeps what was on disk and loses what was on its way', () => {
    const writes: (() => void)[] = [];
    const store = new MemoryStore({ schedule: (write) => writes.push(write) });
    const acknowledged: string[] = [];
    for (const name of ['a', 'b', 'c']) store.commit(puts([name, name]), () => acknowledged.push(name));
    writes.shift()?.();
    const restarted = store.crash();
    assert.deepEqual(acknowledged, ['a']);
    assert.deepEqual([store.pendingCommits, restarted.pendingCommits, restarted.size], [2, 0, 1]);
    assert.equal(restarted.get(key('a'))?.length, 1);
    assert.equal(restarted.get(key('b')), undefined);
    assert.equal(store.get(key('c'))?.length, 1);
  });

  it('the copy is independent of the store it was made from', async () => {
    const store = new MemoryStore();
    await committed(store, puts(['a', 'one']));
    const restarted = store.crash();
    await committed(store, puts(['a', 'two'], ['b', 'two']));
    assert.equal(Buffer.from(restarted.get(key('a')) ?? []).toString(), 'one');
    assert.equal(restarted.get(key('b')), undefined);
  });

  it('the first failure is the one that every later batch gets', async () => {
    const store = new MemoryStore();
    store.fail(BROKEN);
    store.fail({ ...BROKEN, rule: 'store/later' });
    assert.equal((await committed(store, puts(['a', 'one'])))?.rule, 'store/io');
  });
});
