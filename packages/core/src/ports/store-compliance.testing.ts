import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../base/fuzz.testing.ts';
import { utf8Bytes } from '../base/text.ts';
import type { Store, StoreBatch, StoreFailure } from './store.ts';

/** A store under test, with what only the test may do to it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Lets every batch that was handed over reach the disk, closes the store and opens what is there. */
  reopen(): Promise<Store>;
  /** Makes the disk refuse every batch that is handed over from now on. */
  breakDisk(): Promise<void>;
  /** Frees what the test holds; called once at the end. */
  dispose(): Promise<void>;
}

/** Runs what every store must do, as tests of its own; both adapters call it. */
export function storeCompliance(name: string, make: () => Promise<StoreUnderTest>): void {
  const test = (title: string, run: (under: StoreUnderTest) => Promise<void>): void => {
    it(title, async () => {
      const under = await make();
      try {
        await run(under);
      } finally {
        await under.dispose();
      }
    });
  };
  describe(`${name}: the store port`, () => {
    describe('reads', () => readTests(test));
    describe('batches', () => batchTests(test));
    describe('the disk', () => diskTests(test));
  });
}

type Define = (title: string, run: (under: StoreUnderTest) => Promise<void>) => void;

function readTests(test: Define): void {
  test('a key that was never written is absent', async ({ store }) => {
    assert.equal(store.get(key('nothing')), undefined);
  });

  test('a read sees its write before the batch is on disk, and after', async ({ store }) => {
    const outcome = committed(store, puts(['a', 'one']));
    assert.deepEqual(text(store.get(key('a'))), 'one');
    assert.equal(await outcome, undefined);
    assert.deepEqual(text(store.get(key('a'))), 'one');
  });

  test('a later write hides an earlier one that is still on its way', async ({ store }) => {
    const outcomes = ['one', 'two', 'three'].map((value) => committed(store, puts(['a', value])));
    assert.equal(text(store.get(key('a'))), 'three');
    await outcomes[0];
    assert.equal(text(store.get(key('a'))), 'three');
    await Promise.all(outcomes);
    assert.equal(text(store.get(key('a'))), 'three');
  });

  test('a delete is seen at once, also of a key that is on disk', async ({ store }) => {
    await committed(store, puts(['a', 'one'], ['b', 'two']));
    const outcome = committed(store, { puts: [], deletes: [key('a')] });
    assert.equal(store.get(key('a')), undefined);
    await outcome;
    assert.equal(store.get(key('a')), undefined);
    assert.equal(text(store.get(key('b'))), 'two');
  });

  test('keys are told apart by every byte', async ({ store }) => {
    const keys = [[0], [0, 0], [0, 1], [1], [0xfe, 0xff], [0xfe], [0x80], [0xc3, 0xbf]].map((k) =>
      Uint8Array.from(k),
    );
    await committed(store, { puts: keys.map((k, i) => [k, Uint8Array.of(i)]), deletes: [] });
    for (const [i, k] of keys.entries()) assert.deepEqual([...(store.get(k) ?? [])], [i]);
  });
}

function batchTests(test: Define): void {
  test('a batch deletes first and puts then, the last put of a key wins', async (under) => {
    await committed(under.store, puts(['a', 'old'], ['b', 'old']));
    const batch = { puts: [...puts(['a', 'one'], ['a', 'two']).puts], deletes: [key('a'), key('b')] };
    await committed(under.store, batch);
    for await (const store of beforeAndAfterReopening(under)) {
      assert.equal(text(store.get(key('a'))), 'two');
      assert.equal(store.get(key('b')), undefined);
    }
  });

  test('done is called once for each commit, in order', async ({ store }) => {
    const order: number[] = [];
    const all = Array.from({ length: 50 }, (_, i) =>
      committed(store, puts(['n', `${i}`])).then(() => order.push(i)),
    );
    await Promise.all(all);
    assert.deepEqual(
      order,
      Array.from({ length: 50 }, (_, i) => i),
    );
    assert.equal(text(store.get(key('n'))), '49');
  });

  test('an empty batch is acknowledged', async ({ store }) => {
    assert.equal(await committed(store, { puts: [], deletes: [] }), undefined);
  });

  test('a batch outside the bounds is a bug of the caller', async ({ store }) => {
    const bad: readonly Uint8Array[] = [new Uint8Array(0), new Uint8Array(257), Uint8Array.of(0xff, 1)];
    for (const k of bad) {
      const never = () => assert.fail('done was called');
      assert.throws(() => store.commit({ puts: [[k, key('v')]], deletes: [] }, never), /not a key/);
      assert.throws(() => store.commit({ puts: [], deletes: [k] }, never), /not a key/);
    }
    assert.equal(await committed(store, puts(['a', 'still works'])), undefined);
  });
}

function diskTests(test: Define): void {
  test('empty and large values survive', async (under) => {
    const large = seededRandom(1).bytes(4 * 1024 * 1024);
    const batch: StoreBatch = {
      puts: [
        [key('empty'), new Uint8Array(0)],
        [key('large'), large],
      ],
      deletes: [],
    };
    await committed(under.store, batch);
    for await (const store of beforeAndAfterReopening(under)) {
      assert.equal(store.get(key('empty'))?.length, 0);
      assert.ok(Buffer.from(store.get(key('large')) ?? []).equals(large));
    }
  });

  test('many keys in many batches equal a plain map, before and after reopening', async (under) => {
    const random = seededRandom(7);
    const model = new Map<string, string>();
    const outcomes: Promise<StoreFailure | undefined>[] = [];
    for (let i = 0; i < 100; i++) {
      const deletes = Array.from({ length: random.below(20) }, () => `${random.below(800)}`);
      const writes = Array.from({ length: random.below(60) }, (_, n) => [
        `${random.below(800)}`,
        `${i}.${n}`,
      ]);
      for (const name of deletes) model.delete(name);
      for (const [name, value] of writes) model.set(name as string, value as string);
      const batch = { ...puts(...(writes as [string, string][])), deletes: deletes.map(key) };
      outcomes.push(committed(under.store, batch));
      if (random.oneIn(10)) await outcomes.at(-1);
    }
    assert.deepEqual(new Set(await Promise.all(outcomes)), new Set([undefined]));
    for await (const store of beforeAndAfterReopening(under)) {
      for (let n = 0; n < 800; n++) assert.equal(text(store.get(key(`${n}`))), model.get(`${n}`));
    }
  });

  test('a broken disk fails its batch and every later one, and what was acknowledged is kept', async (under) => {
    assert.equal(await committed(under.store, puts(['a', 'kept'])), undefined);
    await under.breakDisk();
    const outcomes = ['one', 'two', 'three'].map((value) => committed(under.store, puts(['b', value])));
    for (const failure of await Promise.all(outcomes))
      assert.match(failure?.rule ?? 'no failure', /^store\//);
    assert.match((await committed(under.store, puts(['b', 'four'])))?.rule ?? 'no failure', /^store\//);
    const reopened = await under.reopen();
    assert.equal(text(reopened.get(key('a'))), 'kept');
    assert.equal(reopened.get(key('b')), undefined);
  });
}

async function* beforeAndAfterReopening(under: StoreUnderTest): AsyncGenerator<Store> {
  yield under.store;
  yield await under.reopen();
}

/** Commits and waits: undefined when the batch is on disk, the failure otherwise. */
export function committed(store: Store, batch: StoreBatch): Promise<StoreFailure | undefined> {
  return new Promise((resolve, reject) => {
    let calls = 0;
    store.commit(batch, (failure) => {
      calls++;
      if (calls > 1) reject(new Error('done was called twice'));
      resolve(failure);
    });
  });
}

/** A batch of texts. */
export function puts(...entries: readonly (readonly [string, string])[]): StoreBatch {
  return { puts: entries.map(([name, value]) => [key(name), utf8Bytes(value)] as const), deletes: [] };
}

/** The bytes of a text, as a key. */
export function key(name: string): Uint8Array {
  return utf8Bytes(name);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}
