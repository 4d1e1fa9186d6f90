import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { committed, key, puts, storeCompliance } from '@calin/core/ports/store-compliance.testing.ts';
import { mustOpen, temporaryFolder } from './level-store.testing.ts';
import { type LevelDatabase, LevelStore } from './level-store.ts';
import { openLevelStore } from './open-level-store.ts';
import { StoreCorruption } from './store-corruption.ts';
import { Witness } from './witness.ts';

storeCompliance('level', async () => {
  const folder = temporaryFolder();
  let { store } = await mustOpen({ folder: folder.path });
  return {
    store,
    async reopen() {
      await store.close();
      ({ store } = await mustOpen({ folder: folder.path }));
      return store;
    },
    // The file under a store cannot be made to fail from here; level-store-disk.test.ts does it with a real limit.
    breakDisk: async () => store.close(),
    async dispose() {
      await store.close();
      folder[Symbol.dispose]();
    },
  };
});

/** A database that keeps batches until the test lets them through. */
class HeldDatabase implements LevelDatabase {
  readonly batches: {
    readonly operations: number;
    readonly resolve: () => void;
    readonly reject: (e: Error) => void;
  }[] = [];

  getSync(): Uint8Array | undefined {
    return undefined;
  }

  batch(operations: Iterable<unknown>, options: { readonly sync: boolean }): Promise<void> {
    assert.equal(options.sync, true);
    return new Promise((resolve, reject) => {
      this.batches.push({ operations: [...operations].length, resolve, reject });
    });
  }

  async compactRange(): Promise<void> {}

  async close(): Promise<void> {}
}

describe('LevelStore', () => {
  it('writes commits that wait together, in one synced batch', async () => {
    using folder = temporaryFolder();
    const level = new HeldDatabase();
    const store = new LevelStore({ level, witness: new Witness(folder.path), lastCommit: 0 });
    const first = committed(store, puts(['a', '1']));
    await turn();
    const rest = ['b', 'c', 'd'].map((name) => committed(store, puts([name, '1'])));
    await turn();
    assert.deepEqual(
      level.batches.map((batch) => batch.operations),
      [2],
    );
    level.batches[0]?.resolve();
    assert.equal(await first, undefined);
    await turn();
    assert.deepEqual(
      level.batches.map((batch) => batch.operations),
      [2, 4],
    );
    level.batches[1]?.resolve();
    assert.deepEqual(await Promise.all(rest), [undefined, undefined, undefined]);
    await store.close();
  });

  it('an older write that lands does not uncover what is on disk for a newer one', async () => {
    using folder = temporaryFolder();
    const level = new HeldDatabase();
    const store = new LevelStore({ level, witness: new Witness(folder.path), lastCommit: 0 });
    const first = committed(store, puts(['a', 'old'], ['b', 'old']));
    await turn();
    const second = committed(store, { ...puts(['a', 'new']), deletes: [key('b')] });
    level.batches[0]?.resolve();
    await first;
    assert.equal(Buffer.from(store.get(key('a')) ?? []).toString(), 'new');
    await turn();
    level.batches[1]?.resolve();
    await second;
    assert.equal(store.get(key('a')), undefined, 'what has landed is read from the database');
    await store.close();
  });

  it('a failed write fails what waits behind it, says why, and stays readable', async () => {
    using folder = temporaryFolder();
    const level = new HeldDatabase();
    const store = new LevelStore({ level, witness: new Witness(folder.path), lastCommit: 0 });
    const outcomes = [committed(store, puts(['a', '1']))];
    await turn();
    outcomes.push(committed(store, puts(['b', '1'])));
    level.batches[0]?.reject(new Error('IO error: /chain/000003.log: No space left on device'));
    for (const failure of await Promise.all(outcomes)) assert.equal(failure?.rule, 'store/disk-full');
    const later = await committed(store, puts(['c', '1']));
    assert.equal(later?.rule, 'store/disk-full');
    assert.equal(level.batches.length, 1);
    assert.equal(store.get(key('b'))?.length, 1);
    await store.close();
  });

  it('a value that is not what was written is not served', async () => {
    using folder = temporaryFolder();
    const stored: Record<string, Uint8Array> = {};
    const level: LevelDatabase = {
      getSync: (name) => stored[Buffer.from(name).toString()],
      async batch(operations) {
        for (const operation of operations) {
          if (operation.type === 'put')
            stored[Buffer.from(operation.key).toString()] = Uint8Array.from(operation.value);
        }
      },
      compactRange: async () => {},
      close: async () => {},
    };
    const store = new LevelStore({ level, witness: new Witness(folder.path), lastCommit: 0 });
    await committed(store, puts(['a', 'value'], ['b', 'value']));
    assert.equal(Buffer.from(store.get(key('a')) ?? []).toString(), 'value');
    const good = Uint8Array.from(stored['a'] as Uint8Array);
    for (let bit = 0; bit < 8 * good.length; bit++) {
      const bad = Uint8Array.from(good);
      bad[bit >>> 3] = (bad[bit >>> 3] as number) ^ (1 << (bit & 7));
      stored['a'] = bad;
      assert.throws(() => store.get(key('a')), StoreCorruption);
    }
    stored['a'] = stored['b'] as Uint8Array;
    assert.throws(() => store.get(key('a')), StoreCorruption, 'the value of another key');
    stored['a'] = new Uint8Array(2);
    assert.throws(() => store.get(key('a')), /store|on disk/);
    await store.close();
  });

  it('a read after closing is a bug of the caller', async () => {
    using folder = temporaryFolder();
    const { store } = await mustOpen({ folder: folder.path });
    await store.close();
    assert.throws(() => store.get(key('a')), /after it had been closed/);
    assert.equal((await committed(store, puts(['a', '1'])))?.rule, 'store/closed');
  });

  it('a second opener is refused, and leaves the first alone', async () => {
    using folder = temporaryFolder();
    const { store } = await mustOpen({ folder: folder.path });
    await committed(store, puts(['a', '1']));
    const second = await openLevelStore({ folder: folder.path });
    assert.equal(second.ok ? undefined : second.error.rule, 'store/locked');
    assert.equal(await committed(store, puts(['b', '1'])), undefined);
    await store.close();
    const third = await mustOpen({ folder: folder.path });
    assert.equal(third.lastCommit, 2);
    await third.store.close();
  });
});

/** Lets everything that is ready happen. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
