import { compareBytes } from '@calin/core/base/bytes.ts';
import { createPlainHasher } from '@calin/core/crypto/plain-hasher.ts';
import type { RowChange } from '@calin/core/index/index-stage.ts';
import { decodeRow, encodeKey, encodeValue } from '@calin/core/index/row-codec.ts';
import type { Cell, RowOf, Table } from '@calin/core/index/table.ts';
import type { History } from '@calin/core/ledger/testing/history.testing.ts';
import { IndexFollower, type IndexProgress } from './index-follower.ts';
import type { IndexSource, IndexStep, Place } from './index-source.ts';
import type { IndexReader, IndexStore, RowRange } from './index-store.ts';

/** A store in memory, told in the plainest way: what the others are compared with. */
export class MemoryIndexStore implements IndexStore {
  readonly kind = 'embedded';
  #rows: (readonly [key: Uint8Array, value: Uint8Array])[] = [];

  claim(): Promise<boolean> {
    return Promise.resolve(true);
  }

  read<T>(use: (reader: IndexReader) => Promise<T>): Promise<T> {
    const rows = this.#rows;
    return use({
      get: (table, keys) => Promise.resolve(keys.map((cells) => find(rows, table, cells))),
      range: (table, range) => Promise.resolve(select(rows, table, range)),
    });
  }

  commit(changes: readonly RowChange[]): Promise<void> {
    const rows = new Map(this.#rows.map((row) => [Buffer.from(row[0]).toString('hex'), row]));
    for (const { table, key, row } of changes) {
      const name = Buffer.from(key).toString('hex');
      if (row === undefined) rows.delete(name);
      else rows.set(name, [key, encodeValue(table, row)]);
    }
    this.#rows = [...rows.values()].toSorted(([a], [b]) => compareBytes(a, b));
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#rows = [];
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

type Rows = readonly (readonly [key: Uint8Array, value: Uint8Array])[];

function find<T extends Table>(rows: Rows, table: T, cells: readonly Cell[]): RowOf<T> | undefined {
  const key = encodeKey(table, cells);
  const found = rows.find(([other]) => compareBytes(other, key) === 0);
  return found && (decodeRow(table, ...found) as RowOf<T>);
}

function select<T extends Table>(rows: Rows, table: T, range: RowRange): RowOf<T>[] {
  const { within = [], from = [], to, reverse = false, limit } = range;
  const prefix = encodeKey(table, within);
  const first = encodeKey(table, [...within, ...from]);
  const end = to && encodeKey(table, [...within, ...to]);
  const found = rows.filter(
    ([key]) =>
      compareBytes(key.subarray(0, prefix.length), prefix) === 0 &&
      compareBytes(key, first) >= 0 &&
      (end === undefined || compareBytes(key, end) < 0),
  );
  const sorted = reverse ? found.toReversed() : found;
  return sorted.slice(0, limit).map((row) => decodeRow(table, ...row) as RowOf<T>);
}

/** All rows of tables, for comparisons. */
export function contentOf(store: IndexStore, tables: readonly Table[]): Promise<Record<string, unknown>> {
  return store.read(async (reader) => {
    const content: Record<string, unknown> = {};
    for (const table of tables) content[table.name] = await reader.range(table, { limit: 1_000_000 });
    return content;
  });
}

/** What a node with the blocks of a history says to its index. */
class HistorySource implements IndexSource {
  history: History;
  /** Blocks from this height on are not there. */
  missingFrom = Number.POSITIVE_INFINITY;

  constructor(history: History) {
    this.history = history;
  }

  next(after: Place | undefined): Promise<IndexStep> {
    return Promise.resolve(this.#next(after));
  }

  #next(after: Place | undefined): IndexStep {
    const { blocks, genesis } = this.history;
    const all = [genesis, ...blocks.map(({ block }) => block)];
    const headHeight = blocks.length;
    const same = after === undefined || all[after.height];
    if (
      after !== undefined &&
      (typeof same === 'boolean' || !same || compareBytes(same.id, after.id) !== 0)
    ) {
      return { kind: 'back', headHeight };
    }
    const height = after === undefined ? 0 : after.height + 1;
    const block = all[height];
    if (block === undefined) return { kind: 'wait', headHeight };
    if (height >= this.missingFrom) return { kind: 'missing', headHeight, height, rule: 'data/pruned' };
    return {
      kind: 'block',
      headHeight,
      block: block.bytes,
      receipts: height === 0 ? new Uint8Array(0) : (blocks[height - 1]?.result.receipts ?? new Uint8Array(0)),
      weight: BigInt(height),
      supply: undefined,
      undoOfNext: undefined,
    };
  }
}

/** A follower of a history, with what it has told. */
export class TestFollower {
  readonly source: HistorySource;
  readonly follower: IndexFollower;
  readonly told: IndexProgress[] = [];
  readonly log: string[] = [];
  readonly #running: Promise<void>;
  #waiting: (() => void)[] = [];

  constructor(history: History, store: IndexStore) {
    this.source = new HistorySource(history);
    this.follower = new IndexFollower({
      spec: history.spec,
      chainId: history.chainId,
      hasher: createPlainHasher(),
      source: this.source,
      store,
      log: { write: ({ message }) => this.log.push(message) },
      changed: (progress) => {
        this.told.push(progress);
        for (const resolve of this.#waiting.splice(0)) resolve();
      },
    });
    this.#running = this.follower.run();
  }

  /** Waits until what it tells is so. */
  async until(holds: (progress: IndexProgress) => boolean): Promise<IndexProgress> {
    while (!holds(this.follower.progress)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.follower.progress;
  }

  /** Waits until it is at the head of its history. */
  atHead(): Promise<IndexProgress> {
    this.follower.wake();
    const { head } = this.source.history;
    return this.until(
      ({ state, indexedTo }) =>
        state === 'following' && indexedTo !== undefined && compareBytes(indexedTo.id, head.id) === 0,
    );
  }

  async close(): Promise<void> {
    this.follower.close();
    await this.#running;
  }
}
