import { rm } from 'node:fs/promises';
import type { RowChange } from '@calin/core/index/index-stage.ts';
import { decodeRow, encodeKey, encodeValue } from '@calin/core/index/row-codec.ts';
import type { Cell, RowOf, Table } from '@calin/core/index/table.ts';
import { ClassicLevel } from 'classic-level';
import type { IndexReader, IndexStore, RowRange } from './index-store.ts';

type Level = ClassicLevel<Uint8Array, Uint8Array>;
type Snapshot = ReturnType<Level['snapshot']>;

/** As for the chain (open-level-store.ts), with buffers of a quarter: nobody waits for a commit of the index. */
const LEVEL_OPTIONS = {
  keyEncoding: 'view',
  valueEncoding: 'view',
  compression: false,
  writeBufferSize: 16 * 1024 * 1024,
  maxFileSize: 8 * 1024 * 1024,
  cacheSize: 16 * 1024 * 1024,
} as const;

/**
 * The index in a LevelDB of its own, beside that of the chain: one ordered map of bytes, in which every table has a
 * prefix. A commit is atomic and not waited for by the disk: what a crash takes is made again from the blocks.
 */
export class LevelIndex implements IndexStore {
  readonly kind = 'embedded';
  readonly #folder: string;
  #level: Level;

  private constructor(folder: string, level: Level) {
    this.#folder = folder;
    this.#level = level;
  }

  /** Opens the index of a folder, which belongs to it alone, and makes it when it is not there. */
  static async open(folder: string): Promise<LevelIndex> {
    try {
      return new LevelIndex(folder, await openLevel(folder));
    } catch (error) {
      if (!isDamage(error)) throw error;
      // Nothing is lost: it is made again from the blocks.
      await rm(folder, { recursive: true, force: true });
      return new LevelIndex(folder, await openLevel(folder));
    }
  }

  claim(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async read<T>(use: (reader: IndexReader) => Promise<T>): Promise<T> {
    const snapshot = this.#level.snapshot();
    try {
      return await use(new LevelReader(this.#level, snapshot));
    } finally {
      await snapshot.close();
    }
  }

  async commit(changes: readonly RowChange[]): Promise<void> {
    const batch = this.#level.batch();
    for (const { table, key, row } of changes) {
      if (row === undefined) batch.del(key);
      else batch.put(key, encodeValue(table, row));
    }
    await batch.write();
  }

  async clear(): Promise<void> {
    await this.#level.close();
    await rm(this.#folder, { recursive: true, force: true });
    this.#level = await openLevel(this.#folder);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

class LevelReader implements IndexReader {
  readonly #level: Level;
  readonly #snapshot: Snapshot;

  constructor(level: Level, snapshot: Snapshot) {
    this.#level = level;
    this.#snapshot = snapshot;
  }

  async get<T extends Table>(
    table: T,
    keys: readonly (readonly Cell[])[],
  ): Promise<(RowOf<T> | undefined)[]> {
    const encoded = keys.map((cells) => encodeKey(table, cells));
    const values = await this.#level.getMany(encoded, { snapshot: this.#snapshot });
    return values.map((value, i) =>
      value === undefined ? undefined : (decodeRow(table, encoded[i] as Uint8Array, value) as RowOf<T>),
    );
  }

  async range<T extends Table>(table: T, range: RowRange): Promise<RowOf<T>[]> {
    const { within = [], from = [], to, reverse = false, limit } = range;
    const gte = encodeKey(table, [...within, ...from]);
    const lt = to === undefined ? after(encodeKey(table, within)) : encodeKey(table, [...within, ...to]);
    const rows: RowOf<T>[] = [];
    for await (const [key, value] of this.#level.iterator({
      gte,
      lt,
      reverse,
      limit,
      snapshot: this.#snapshot,
    })) {
      rows.push(decodeRow(table, key, value) as RowOf<T>);
    }
    return rows;
  }
}

async function openLevel(folder: string): Promise<Level> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, LEVEL_OPTIONS);
  await level.open();
  return level;
}

/** LevelDB says only in words that a file of it is damaged or missing. */
function isDamage(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && /corruption|no such file|invalid argument/i.test(cause.message);
}

/** The first key that does not begin with a prefix; its first byte is the tag of a table, far below 0xff. */
function after(prefix: Uint8Array): Uint8Array {
  const next = prefix.slice(0, prefix.findLastIndex((byte) => byte !== 0xff) + 1);
  next[next.length - 1] = (next.at(-1) as number) + 1;
  return next;
}
