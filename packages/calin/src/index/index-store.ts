import type { RowChange } from '@calin/core/index/index-stage.ts';
import type { Cell, RowOf, Table } from '@calin/core/index/table.ts';

/** Which rows to read, by the columns of their key. */
export interface RowRange {
  /** What the first columns are. */
  readonly within?: readonly Cell[];
  /** Where it begins, by the columns after those; fewer columns stand for the first row that has them. */
  readonly from?: readonly Cell[];
  /** Where it ends, this row and all that begin with it not included. */
  readonly to?: readonly Cell[];
  /** The last rows first. */
  readonly reverse?: boolean;
  readonly limit: number;
}

/** Reads an index as it was at one moment. */
export interface IndexReader {
  /** The rows of some keys, in their order; undefined where there is none. */
  get<T extends Table>(table: T, keys: readonly (readonly Cell[])[]): Promise<(RowOf<T> | undefined)[]>;
  /** Rows in the order of their keys. */
  range<T extends Table>(table: T, range: RowRange): Promise<RowOf<T>[]>;
}

/**
 * Where the rows of the index are kept. One at a time writes; reads see whole commits only. What is written may be lost
 * in a crash from some commit on, and is made again then.
 */
export interface IndexStore {
  readonly kind: 'embedded' | 'postgres';
  /** Whether this process may write: true once for all where nobody else can, else as long as nobody else does. */
  claim(): Promise<boolean>;
  /** Reads as of one moment, whatever is committed meanwhile. */
  read<T>(use: (reader: IndexReader) => Promise<T>): Promise<T>;
  /** Writes all changes or none. */
  commit(changes: readonly RowChange[]): Promise<void>;
  /** Deletes all rows of all tables. */
  clear(): Promise<void>;
  close(): Promise<void>;
}
