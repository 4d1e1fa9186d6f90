import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { type SeededRandom, seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { IndexStage } from '@calin/core/index/index-stage.ts';
import { shapeOf } from '@calin/core/index/row-codec.ts';
import type { AnyRow, Cell, ColumnType, RowOf, Table } from '@calin/core/index/table.ts';
import {
  BLOCKS,
  HOLDERS,
  META,
  MOVEMENTS,
  TABLES,
  TIP,
  TOKEN_WORDS,
  UNDO,
} from '@calin/core/index/tables.ts';
import { History } from '@calin/core/ledger/testing/history.testing.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import { contentOf, MemoryIndexStore, TestFollower } from './index.testing.ts';
import { answerQuery, isQuery } from './index-queries.ts';
import type { IndexStore, RowRange } from './index-store.ts';

/** A kind of store under test. */
export interface StoreUnderTest {
  /** Opens a store that is empty the first time, and has what was committed before after that. */
  open(): Promise<IndexStore>;
  /** Ends everything. */
  close(): Promise<void>;
}

const TEXTS = ['', 'a', 'ab', 'b', 'gold', 'gold coin', 'goldfish', 'žluť', '金', '\u{1f600}'];

/** A value of a column: few enough that rows share them, with the ends of every range. */
function someCell(type: ColumnType, random: SeededRandom): Cell {
  const { pick } = random;
  switch (type) {
    case 'u32':
      return pick([0, 1, 2, 255, 256, 0xffff_ffff]);
    case 'u53':
      return pick([0, 1, 255, 256, 0x1_0000_0000, Number.MAX_SAFE_INTEGER]);
    case 'big':
      return pick([0n, 1n, 2n ** 64n, 2n ** 256n - 1n]);
    case 'text':
      return pick(TEXTS);
    case 'hash':
      return new Uint8Array(32).fill(pick([0, 1, 0x7f, 0x80, 0xff]));
    case 'bytes':
      return Uint8Array.from(pick([[], [0], [1, 2, 3], new Array<number>(5_000).fill(7)]));
  }
}

function someRow(table: Table, random: SeededRandom): AnyRow {
  const { key, value } = shapeOf(table);
  return Object.fromEntries([...key, ...value].map(([name, type]) => [name, someCell(type, random)]));
}

/** Writes rows, or takes them out, in both stores. */
async function change(
  stores: readonly IndexStore[],
  table: Table,
  rows: readonly AnyRow[],
  isThere: boolean,
) {
  for (const store of stores) {
    const stage = new IndexStage();
    for (const row of rows) {
      if (isThere) stage.create(table, row as RowOf<typeof table>);
      else stage.remove(table, row as RowOf<typeof table>);
    }
    await store.commit(stage.finish());
  }
}

/** A range of a table by values that its rows may have. */
function someRange(table: Table, random: SeededRandom): RowRange {
  const { key } = shapeOf(table);
  const cells = key.map(([, type]) => someCell(type, random));
  const within = random.below(key.length);
  const rest = key.length - within;
  const part = (): Cell[] =>
    key.slice(within, within + 1 + random.below(rest)).map(([, type]) => someCell(type, random));
  return {
    within: cells.slice(0, within),
    ...(random.below(2) === 0 ? {} : { from: part() }),
    ...(random.below(2) === 0 ? {} : { to: part() }),
    reverse: random.below(2) === 0,
    limit: 1 + random.below(6),
  };
}

/** What every store of the index has to do, compared with the plainest one. */
export function indexCompliance(name: string, prepare: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let place: StoreUnderTest;
    let store: IndexStore;
    const model = new MemoryIndexStore();
    before(async () => {
      place = await prepare();
      store = await place.open();
      assert.equal(await store.claim(), true);
    });
    after(async () => {
      await store.close();
      await place.close();
    });
    rowTests(() => store, model);

    it('reads as of one moment, whatever is committed meanwhile', async () => {
      await store.read(async (reader) => {
        assert.deepEqual(await reader.get(TIP, [[0]]), [undefined]);
        await change([store], TIP, [{ slot: 0, height: 1, id: new Uint8Array(32) }], true);
        assert.deepEqual(await reader.get(TIP, [[0]]), [undefined]);
        assert.deepEqual(await reader.range(TIP, { limit: 1 }), []);
      });
      const [tip] = await store.read((reader) => reader.get(TIP, [[0]]));
      assert.equal(tip?.height, 1);
      await store.clear();
    });

    it('holds the same as the plainest store after reorganisations and a restart, and answers the same', async () => {
      const history = new History({ seed: 77 });
      for (let i = 0; i < 6; i++) history.grow(6);
      let following = new TestFollower(history, store);
      await following.atHead();
      const branch = history.fork(3, 5);
      for (let i = 0; i < 5; i++) branch.grow(6);
      following.source.history = branch;
      await following.atHead();
      await following.close();
      await store.close();
      store = await place.open();
      assert.equal(await store.claim(), true);
      branch.grow(4);
      following = new TestFollower(branch, store);
      await following.atHead();
      await following.close();
      const twin = new TestFollower(branch, model);
      await twin.atHead();
      await twin.close();
      // Which blocks can be taken back out depends on the way that was taken.
      const tables = TABLES.filter((table) => table !== UNDO);
      assert.deepEqual(await contentOf(store, tables), await contentOf(model, tables));
      await assertSameAnswers(store, model, branch);
    });
  });
}

/** Rows by key and by range, written and taken out. */
function rowTests(storeOf: () => IndexStore, model: IndexStore): void {
  it('is empty at first', async () => {
    assert.deepEqual(await contentOf(storeOf(), TABLES), await contentOf(model, TABLES));
  });

  it('keeps every value of every column, and gives rows by their keys', async () => {
    const random = seededRandom(1);
    for (const table of TABLES) {
      const rows = Array.from({ length: 12 }, () => someRow(table, random));
      await change([storeOf(), model], table, rows, true);
      const keys = [
        ...rows.map((row) => shapeOf(table).key.map(([column]) => row[column] as Cell)),
        ...rows.slice(0, 3).map(() => shapeOf(table).key.map(([, type]) => someCell(type, random))),
      ];
      const [got, expected] = await Promise.all(
        [storeOf(), model].map((one) => one.read((reader) => reader.get(table, keys))),
      );
      assert.deepEqual(got, expected, table.name);
    }
    assert.deepEqual(await contentOf(storeOf(), TABLES), await contentOf(model, TABLES));
  });

  it('gives any range of keys, from either end', async () => {
    const random = seededRandom(2);
    for (const table of [MOVEMENTS, HOLDERS, TOKEN_WORDS, META, BLOCKS] as readonly Table[]) {
      await change(
        [storeOf(), model],
        table,
        Array.from({ length: 60 }, () => someRow(table, random)),
        true,
      );
      for (let i = 0; i < 60; i++) {
        const range = someRange(table, random);
        const [got, expected] = await Promise.all(
          [storeOf(), model].map((one) => one.read((reader) => reader.range(table, range))),
        );
        assert.deepEqual(
          got,
          expected,
          `${table.name} ${JSON.stringify(range, (_, cell) => (cell instanceof Uint8Array ? toHex(cell) : cell))}`,
        );
      }
    }
  });

  it('takes rows out, and all of them', async () => {
    const random = seededRandom(3);
    const rows = await model.read((reader) => reader.range(MOVEMENTS, { limit: 1_000 }));
    await change([storeOf(), model], MOVEMENTS, rows.filter(() => random.below(2) === 0) as AnyRow[], false);
    assert.deepEqual(await contentOf(storeOf(), TABLES), await contentOf(model, TABLES));
    await storeOf().clear();
    await model.clear();
    assert.deepEqual(await contentOf(storeOf(), TABLES), await contentOf(model, TABLES));
  });
}

/** Asks both stores everything that can be asked of a history, page by page. */
async function assertSameAnswers(store: IndexStore, model: IndexStore, history: History): Promise<void> {
  const prefix = history.spec.addressPrefix;
  const ask = async (name: string, params: Readonly<Record<string, unknown>>): Promise<unknown> => {
    assert.ok(isQuery(name));
    const [got, expected] = await Promise.all(
      [store, model].map((one) => answerQuery(one, prefix, name, params)),
    );
    assert.deepEqual(got, expected, `${name} ${JSON.stringify(params)}`);
    assert.ok(got?.ok, JSON.stringify(got));
    const shaped = METHODS[name].result.parse(got.value, 'result');
    assert.ok(shaped.ok, `${name}: ${shaped.ok ? '' : JSON.stringify(shaped.error)}`);
    return got.value;
  };
  const pages = async (name: string, params: Readonly<Record<string, unknown>>): Promise<number> => {
    for (let page = 1, after: unknown; ; page++) {
      const { next } = (await ask(name, {
        ...params,
        limit: 3,
        ...(after === undefined ? {} : { after }),
      })) as { next: unknown };
      if (next === null) return page;
      after = next;
    }
  };
  for (const { address } of history.owners.slice(0, 4)) {
    assert.ok((await pages('account_getActivity', { address: formatAddress(address, prefix) })) >= 1);
  }
  assert.ok((await pages('token_getHolders', { asset: 0 })) > 1);
  await pages('token_list', {});
  await pages('token_list', { text: 'T' });
  await pages('producer_list', {});
  await ask('chain_getBlocks', { limit: 4, before: 6 });
  for (const points of [2, 5, 500]) await ask('chart_getSeries', { points });
  const { head } = history;
  for (const text of [
    '3',
    toHex(head.id),
    toHex(head.id).slice(0, 6),
    `${prefix}1qqqq`,
    't',
    '',
    '%',
    "'; --",
  ]) {
    await ask('search_find', { text });
  }
}
