/**
 * What a column holds: `u32` and `u53` are integers up to 2^32 − 1 and 2^53 − 1, `big` an integer from 0 to 2^256 − 1,
 * `hash` 32 bytes, `text` well-formed text without U+0000, which only the values may be long in.
 */
export type ColumnType = 'u32' | 'u53' | 'big' | 'hash' | 'bytes' | 'text';

/** Columns by name, in the order in which they are written. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** A table of the index: rows that are found, and sorted, by the columns of their key. */
export interface Table<K extends Columns = Columns, V extends Columns = Columns> {
  readonly name: string;
  /** The first byte of its keys where tables share an ordered map of bytes. */
  readonly tag: number;
  /** Not `big` and not `bytes`. */
  readonly key: K;
  readonly value: V;
}

type ValueOf<T extends ColumnType> = T extends 'u32' | 'u53'
  ? number
  : T extends 'big'
    ? bigint
    : T extends 'text'
      ? string
      : Uint8Array;

type Values<C extends Columns> = { readonly [N in keyof C]: ValueOf<C[N]> };

/** The key of a row of a table. */
export type KeyOf<T extends Table> = Values<T['key']>;
/** A row of a table, its key included. */
export type RowOf<T extends Table> = Values<T['key']> & Values<T['value']>;

/** A value of any column. */
export type Cell = number | bigint | string | Uint8Array;
/** A row of any table. */
export type AnyRow = Readonly<Record<string, Cell>>;

/** Declares a table. */
export function defineTable<const K extends Columns, const V extends Columns>(
  tag: number,
  name: string,
  key: K,
  value: V,
): Table<K, V> {
  return { name, tag, key, value };
}
