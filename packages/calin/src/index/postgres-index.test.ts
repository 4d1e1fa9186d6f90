import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { TABLES, UNDO } from '@calin/core/index/tables.ts';
import { History } from '@calin/core/ledger/testing/history.testing.ts';
import pg from 'pg';
import { contentOf, MemoryIndexStore, TestFollower } from './index.testing.ts';
import { indexCompliance } from './index-compliance.testing.ts';
import { postgresMissing, startPostgres, type TestPostgres } from './postgres.testing.ts';
import { PostgresIndex } from './postgres-index.ts';

/** A history whose chain is another one for every seed of its first block: here the index is named by it. */
function grown(seed: number, blocks: number): History {
  const history = new History({ seed });
  for (let i = 0; i < blocks; i++) history.grow(5);
  return history;
}

/** What an index of a history must be. */
async function expected(history: History): Promise<Record<string, unknown>> {
  const model = new MemoryIndexStore();
  const follower = new TestFollower(history, model);
  await follower.atHead();
  await follower.close();
  return contentOf(model, ROWS);
}

const ROWS = TABLES.filter((table) => table !== UNDO);

const missing = postgresMissing();
if (missing !== undefined) test('the index in PostgreSQL', { skip: missing }, () => {});
else {
  let server: TestPostgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.close());

  indexCompliance('the index in PostgreSQL', () =>
    Promise.resolve({
      open: () => Promise.resolve(PostgresIndex.open(server.url, new Uint8Array(32).fill(9))),
      close: () => Promise.resolve(),
    }),
  );

  describe('a database that comes and goes', () => {
    it('is away for a while: what was missed is made up for, from where it was', async () => {
      const history = grown(1, 3);
      const store = PostgresIndex.open(server.url, new Uint8Array(32).fill(1));
      const following = new TestFollower(history, store);
      await following.atHead();
      await server.crash();
      for (let i = 0; i < 3; i++) history.grow(5);
      following.follower.wake();
      const away = await following.until(({ state }) => state === 'away');
      assert.equal(away.problem?.rule, 'index/database');
      assert.ok(away.problem.retry && String(away.problem.evidence['why']).length > 0);
      assert.equal(away.indexedTo?.height, 3);
      history.grow(5);
      await server.restart();
      const { problem, indexedTo } = await following.atHead();
      assert.deepEqual([problem, indexedTo?.height], [undefined, 7]);
      assert.deepEqual(await contentOf(store, ROWS), await expected(history));
      await following.close();
      await store.close();
    });

    it('is written by one process, read by others, and by the next one when that ends', async () => {
      const history = grown(2, 3);
      const chain = new Uint8Array(32).fill(2);
      const [first, second] = [PostgresIndex.open(server.url, chain), PostgresIndex.open(server.url, chain)];
      const writing = new TestFollower(history, first);
      await writing.atHead();
      const waiting = new TestFollower(history, second);
      const { problem } = await waiting.until(({ state }) => state === 'reading');
      assert.equal(problem?.rule, 'index/in-use');
      assert.deepEqual(await contentOf(second, ROWS), await contentOf(first, ROWS));
      const refused = await new Promise((resolve) => waiting.follower.rebuild(resolve));
      assert.deepEqual((refused as { readonly ok: boolean }).ok, false);
      await writing.close();
      await first.close();
      history.grow(5);
      await waiting.atHead();
      assert.deepEqual(await contentOf(second, ROWS), await expected(history));
      await waiting.close();
      await second.close();
    });

    it('has a schema for each chain, whose columns others can read', async () => {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      const { rows } = await client.query(
        'SELECT height, time_ms, fees FROM "calin_0202020202020202"."blocks" ORDER BY height',
      );
      assert.deepEqual(
        rows.map(({ height }) => Number(height)),
        [0, 1, 2, 3, 4],
      );
      const schemas = await client.query(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'calin%' ORDER BY 1",
      );
      assert.equal(schemas.rows.length, 3);
      await client.end();
    });

    it('is never reached: the follower goes on trying, and says why', async () => {
      const store = PostgresIndex.open('postgres://nobody:secret@127.0.0.1:1/none', new Uint8Array(32));
      const following = new TestFollower(grown(3, 1), store);
      const { problem } = await following.until(({ state }) => state === 'away');
      assert.match(String(problem?.evidence['why']), /ECONNREFUSED/);
      assert.doesNotMatch(JSON.stringify(problem), /secret/);
      await following.close();
      await store.close();
    });
  });
}
