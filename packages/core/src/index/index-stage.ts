import { assert } from '../base/assert.ts';
import { recordKey } from '../base/bytes-key.ts';
import { encodeKey, rowKey } from './row-codec.ts';
import type { AnyRow, Cell, KeyOf, RowOf, Table } from './table.ts';

/** A row that has to be read before a block can be added. */
export interface Wanted {
  readonly table: Table;
  /** Of its key, in order. */
  readonly cells: readonly Cell[];
}

/** What is said of one row: it has these values, or it is not there. */
export interface RowChange {
  readonly table: Table;
  readonly key: Uint8Array;
  readonly row: AnyRow | undefined;
}

/** A row as the stage knows it. */
interface Known extends RowChange {
  readonly isChanged: boolean;
  /** Whether the store has a row of this key. */
  readonly isStored: boolean;
}

/**
 * Changes of the index that are put together over one or more blocks, before they are written at once. What is read
 * comes from here first, so a row that every block changes is read and written once for all of them, and a coin that is
 * made and spent within them is never written.
 */
export class IndexStage {
  #rows = new Map<string, Known>();
  #before: RowChange[] | undefined;

  /** Rows that it holds, those included that were only read. */
  get size(): number {
    return this.#rows.size;
  }

  /** Those of the rows that have to be read from the store; once they are {@link fill | filled in}, all can be read. */
  missing(wanted: readonly Wanted[]): Wanted[] {
    return wanted.filter(({ table, cells }) => !this.#rows.has(recordKey(encodeKey(table, cells))));
  }

  /** Takes a row as the store has it. */
  fill({ table, cells }: Wanted, row: AnyRow | undefined): void {
    const key = encodeKey(table, cells);
    const known = { table, key, row, isChanged: false, isStored: row !== undefined };
    this.#rows.set(recordKey(key), known);
  }

  /** A row that was asked for before. */
  get<T extends Table>(table: T, key: KeyOf<T>): RowOf<T> | undefined {
    const known = this.#rows.get(recordKey(rowKey(table, key as AnyRow)));
    assert(known !== undefined, `a row of ${table.name} is read that was not asked for`);
    return known.row as RowOf<T> | undefined;
  }

  /** Adds a row that is not there; nothing has to be read for it. */
  create<T extends Table>(table: T, row: RowOf<T>): void {
    this.#change(table, row as AnyRow, undefined, row as AnyRow);
  }

  /** Puts a row in the place of another with the same key, or of none. */
  replace<T extends Table>(table: T, before: RowOf<T> | undefined, row: RowOf<T>): void {
    this.#change(table, row as AnyRow, before as AnyRow | undefined, row as AnyRow);
  }

  /** Deletes a row. */
  remove<T extends Table>(table: T, row: RowOf<T>): void {
    this.#change(table, row as AnyRow, row as AnyRow, undefined);
  }

  /** Puts back what was there before a change. */
  restore(before: RowChange): void {
    const name = recordKey(before.key);
    const isStored = this.#rows.get(name)?.isStored ?? true;
    this.#rows.set(name, { ...before, isChanged: true, isStored });
  }

  /** From here on remembers what changes take the place of. */
  record(): void {
    this.#before = [];
  }

  /** What was there at {@link record} of all that has been changed since, the last change first. */
  recorded(): readonly RowChange[] {
    const before = (this.#before ?? []).toReversed();
    this.#before = undefined;
    return before;
  }

  /** All changes that the store does not have, each row once; the stage is empty afterwards. */
  finish(): readonly RowChange[] {
    const changes: RowChange[] = [];
    for (const { table, key, row, isChanged, isStored } of this.#rows.values()) {
      if (isChanged && (isStored || row !== undefined)) changes.push({ table, key, row });
    }
    this.#rows = new Map();
    return changes;
  }

  #change(table: Table, keyed: AnyRow, before: AnyRow | undefined, row: AnyRow | undefined): void {
    const key = rowKey(table, keyed);
    this.#before?.push({ table, key, row: before });
    const name = recordKey(key);
    const isStored = this.#rows.get(name)?.isStored ?? before !== undefined;
    this.#rows.set(name, { table, key, row, isChanged: true, isStored });
  }
}
