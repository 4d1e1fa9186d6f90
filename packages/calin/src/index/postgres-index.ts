import { toHex } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { RowChange } from '@calin/core/index/index-stage.ts';
import { decodeKey } from '@calin/core/index/row-codec.ts';
import type { Cell, RowOf, Table } from '@calin/core/index/table.ts';
import { TABLES } from '@calin/core/index/tables.ts';
import pg from 'pg';
import type { IndexReader, IndexStore, RowRange } from './index-store.ts';
import {
  createTable,
  deleteKeys,
  dropTable,
  fromSql,
  type Statement,
  selectKeys,
  selectRange,
  upsertRows,
} from './postgres-sql.ts';
import { IndexUnreachable } from './unreachable.ts';

/** Connections for questions; one more writes. */
const READERS_MAX = 4;

/** How long to wait for a connection, and for a statement. */
const CONNECT_MS = 5_000;
const STATEMENT_MS = 60_000;

/** Rows of one statement. */
const STATEMENT_ROWS = 5_000;

/**
 * The index in a PostgreSQL database, in a schema named after the chain, so that many chains fit into one. A commit is
 * a transaction. One process writes, by an advisory lock that ends with its connection; others of the same chain read
 * what it has written, and the next of them goes on when it is gone.
 */
export class PostgresIndex implements IndexStore {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;
  readonly #schema: string;
  readonly #lock: readonly [number, number];
  #writer: pg.PoolClient | undefined;

  private constructor(url: string, chainId: Hash) {
    this.#schema = `calin_${toHex(chainId).slice(0, 16)}`;
    const words = new DataView(chainId.buffer, chainId.byteOffset);
    this.#lock = [words.getInt32(0), words.getInt32(4)];
    this.#pool = new pg.Pool({
      connectionString: url,
      max: READERS_MAX + 1,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + CONNECT_MS,
      application_name: 'calin',
      allowExitOnIdle: true,
    });
    // A connection that breaks while nobody uses it: the next one who wants it gets another.
    this.#pool.on('error', () => {});
  }

  /**
   * Prepares an index; the database is asked for the first time when it is used.
   *
   * @param url - `postgres://user@host/database`; what is left out comes from the environment as libpq has it
   */
  static open(url: string, chainId: Hash): PostgresIndex {
    return new PostgresIndex(url, chainId);
  }

  async claim(): Promise<boolean> {
    if (this.#writer !== undefined) return true;
    const client = await this.#connect();
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS ours', [...this.#lock]);
      if (rows[0]?.ours !== true) {
        client.release();
        return false;
      }
      await client.query(`CREATE SCHEMA IF NOT EXISTS "${this.#schema}"`);
      for (const table of TABLES) await client.query(createTable(this.#schema, table));
    } catch (error) {
      client.release(true);
      throw unreachable(error);
    }
    // When the connection ends, so does the lock.
    client.on('error', () => this.#dropWriter(client));
    this.#writer = client;
    return true;
  }

  async read<T>(use: (reader: IndexReader) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const value = await use(new PostgresReader(client, this.#schema));
      await client.query('COMMIT');
      client.release();
      return value;
    } catch (error) {
      client.release(true);
      throw error instanceof pg.DatabaseError || isOfNetwork(error) ? unreachable(error) : error;
    }
  }

  async commit(changes: readonly RowChange[]): Promise<void> {
    const byTable = Map.groupBy(changes, ({ table }) => table);
    await this.#write(async (run) => {
      for (const [table, all] of byTable) {
        const gone = all.filter(({ row }) => row === undefined).map(({ key }) => decodeKey(table, key));
        const rows = all.flatMap(({ row }) => (row === undefined ? [] : [row]));
        for (const part of parts(gone)) await run(deleteKeys(this.#schema, table, part));
        for (const part of parts(rows)) await run(upsertRows(this.#schema, table, part));
      }
    });
  }

  async clear(): Promise<void> {
    await this.#write(async (run) => {
      for (const table of TABLES) {
        await run({ text: dropTable(this.#schema, table), values: [] });
        await run({ text: createTable(this.#schema, table), values: [] });
      }
    });
  }

  async close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer !== undefined) {
      // The server notices the end of a connection in its own time: who opens the index next should not wait for that.
      await writer.query('SELECT pg_advisory_unlock($1, $2)', [...this.#lock]).catch(() => undefined);
      writer.release(true);
    }
    await this.#pool.end();
  }

  /** Does something in one transaction, or nothing of it. */
  async #write(work: (run: (statement: Statement) => Promise<void>) => Promise<void>): Promise<void> {
    const writer = this.#writer;
    if (writer === undefined) throw new IndexUnreachable('the connection that writes has ended');
    try {
      await writer.query('BEGIN');
      await work(async ({ text, values }) => {
        await writer.query(text, [...values]);
      });
      await writer.query('COMMIT');
    } catch (error) {
      // What has become of it is not known; the next connection finds out by what is there.
      this.#dropWriter(writer);
      throw unreachable(error);
    }
  }

  #dropWriter(writer: pg.PoolClient): void {
    if (this.#writer !== writer) return;
    this.#writer = undefined;
    writer.release(true);
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw unreachable(error);
    }
  }
}

class PostgresReader implements IndexReader {
  readonly #client: pg.PoolClient;
  readonly #schema: string;

  constructor(client: pg.PoolClient, schema: string) {
    this.#client = client;
    this.#schema = schema;
  }

  async get<T extends Table>(
    table: T,
    keys: readonly (readonly Cell[])[],
  ): Promise<(RowOf<T> | undefined)[]> {
    const found = new Array<RowOf<T> | undefined>(keys.length).fill(undefined);
    for (let at = 0; at < keys.length; at += STATEMENT_ROWS) {
      const { text, values } = selectKeys(this.#schema, table, keys.slice(at, at + STATEMENT_ROWS));
      const { rows } = await this.#client.query(text, [...values]);
      for (const row of rows) found[at + Number(row.nth) - 1] = fromSql(table, row);
    }
    return found;
  }

  async range<T extends Table>(table: T, range: RowRange): Promise<RowOf<T>[]> {
    const { text, values } = selectRange(this.#schema, table, range);
    const { rows } = await this.#client.query(text, [...values]);
    return rows.map((row) => fromSql(table, row));
  }
}

function parts<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / STATEMENT_ROWS);
  return Array.from({ length: count }, (_, i) => all.slice(i * STATEMENT_ROWS, (i + 1) * STATEMENT_ROWS));
}

function unreachable(error: unknown): IndexUnreachable {
  if (error instanceof IndexUnreachable) return error;
  const message = error instanceof Error ? error.message : String(error);
  // Of several addresses that were tried the error says nothing but that it is several.
  const causes = error instanceof AggregateError ? error.errors.map(String).join('; ') : '';
  return new IndexUnreachable(message || causes || 'the database was not reached', { cause: error });
}

/** True for an error of a socket, or of a connection that has ended. */
function isOfNetwork(error: unknown): boolean {
  return error instanceof Error && ('code' in error || /terminated|timeout|Connection/i.test(error.message));
}
