import { shapeOf } from '@calin/core/index/row-codec.ts';
import type { AnyRow, Cell, ColumnType, RowOf, Table } from '@calin/core/index/table.ts';
import type { RowRange } from './index-store.ts';

/** A statement and its parameters. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const TYPES = {
  u32: 'bigint',
  u53: 'bigint',
  big: 'numeric(78, 0)',
  hash: 'bytea',
  bytes: 'bytea',
  text: 'text',
} as const satisfies Record<ColumnType, string>;

/** The statement that makes a table, if it is not there. Texts are compared by their bytes, as keys everywhere are. */
export function createTable(schema: string, table: Table): string {
  const { key, value } = shapeOf(table);
  const columns = [...key, ...value].map(
    ([name, type]) => `${column(name)} ${TYPES[type]}${type === 'text' ? ' COLLATE "C"' : ''} NOT NULL`,
  );
  const primary = key.map(([name]) => column(name)).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${nameOf(schema, table)} (${columns.join(', ')}, PRIMARY KEY (${primary}))`;
}

/** The statement that drops a table. */
export function dropTable(schema: string, table: Table): string {
  return `DROP TABLE IF EXISTS ${nameOf(schema, table)}`;
}

/** Reads the rows of some keys; column `nth` says which key each belongs to, from 1. */
export function selectKeys(schema: string, table: Table, keys: readonly (readonly Cell[])[]): Statement {
  const { key, value } = shapeOf(table);
  const columns = [...key, ...value].map(([name]) => `t.${column(name)}`).join(', ');
  const given = key.map(([name]) => column(name)).join(', ');
  const equal = key.map(([name]) => `t.${column(name)} = k.${column(name)}`).join(' AND ');
  const arrays = key.map(([, type], i) => `$${i + 1}::${arrayType(type)}`).join(', ');
  const text = `SELECT k.nth, ${columns} FROM unnest(${arrays}) WITH ORDINALITY AS k(${given}, nth) JOIN ${nameOf(schema, table)} t ON ${equal}`;
  return { text, values: key.map(([, type], i) => keys.map((cells) => toSql(type, cells[i] as Cell))) };
}

/** Reads rows in the order of their keys. */
export function selectRange(schema: string, table: Table, range: RowRange): Statement {
  const { key, value } = shapeOf(table);
  const { within = [], from = [], to, reverse = false, limit } = range;
  const values: unknown[] = [];
  const tuple = (skip: number, cells: readonly Cell[]): string => {
    const names = cells.map((_, i) => column(key[skip + i]?.[0] ?? ''));
    const given = cells.map((cell, i) => {
      const type = key[skip + i]?.[1] ?? 'u53';
      values.push(toSql(type, cell));
      return `$${values.length}::${TYPES[type]}`;
    });
    return `(${names.join(', ')}) ? (${given.join(', ')})`;
  };
  const conditions = [
    ...(within.length === 0 ? [] : [tuple(0, within).replace('?', '=')]),
    ...(from.length === 0 ? [] : [tuple(within.length, from).replace('?', '>=')]),
    ...(to === undefined ? [] : [tuple(within.length, to).replace('?', '<')]),
  ];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const columns = [...key, ...value].map(([name]) => column(name)).join(', ');
  const order = key.map(([name]) => `${column(name)}${reverse ? ' DESC' : ''}`).join(', ');
  values.push(limit);
  const text = `SELECT ${columns} FROM ${nameOf(schema, table)}${where} ORDER BY ${order} LIMIT $${values.length}`;
  return { text, values };
}

/** Deletes the rows of some keys. */
export function deleteKeys(schema: string, table: Table, keys: readonly (readonly Cell[])[]): Statement {
  const { key } = shapeOf(table);
  const given = key.map(([name]) => column(name)).join(', ');
  const equal = key.map(([name]) => `t.${column(name)} = k.${column(name)}`).join(' AND ');
  const arrays = key.map(([, type], i) => `$${i + 1}::${arrayType(type)}`).join(', ');
  const text = `DELETE FROM ${nameOf(schema, table)} t USING unnest(${arrays}) AS k(${given}) WHERE ${equal}`;
  return { text, values: key.map(([, type], i) => keys.map((cells) => toSql(type, cells[i] as Cell))) };
}

/** Writes rows, in the place of those that have the same keys. */
export function upsertRows(schema: string, table: Table, rows: readonly AnyRow[]): Statement {
  const { key, value } = shapeOf(table);
  const all = [...key, ...value];
  const columns = all.map(([name]) => column(name)).join(', ');
  const primary = key.map(([name]) => column(name)).join(', ');
  const arrays = all.map(([, type], i) => `$${i + 1}::${arrayType(type)}`).join(', ');
  const set = value.map(([name]) => `${column(name)} = EXCLUDED.${column(name)}`).join(', ');
  const conflict = set === '' ? 'DO NOTHING' : `DO UPDATE SET ${set}`;
  const text = `INSERT INTO ${nameOf(schema, table)} (${columns}) SELECT * FROM unnest(${arrays}) ON CONFLICT (${primary}) ${conflict}`;
  return { text, values: all.map(([name, type]) => rows.map((row) => toSql(type, row[name] as Cell))) };
}

/** A row as PostgreSQL gave it. */
export function fromSql<T extends Table>(table: T, found: Readonly<Record<string, unknown>>): RowOf<T> {
  const { key, value } = shapeOf(table);
  const row: Record<string, Cell> = {};
  for (const [name, type] of [...key, ...value]) row[name] = cellOf(type, found[snake(name)]);
  return row as RowOf<T>;
}

function cellOf(type: ColumnType, found: unknown): Cell {
  if (type === 'u32' || type === 'u53') return Number(found);
  if (type === 'big') return BigInt(String(found));
  if (type === 'text') return String(found);
  // A Buffer is a Uint8Array whose slice shares memory, and may be a piece of a larger one.
  return Uint8Array.from(found as Uint8Array);
}

/** Bytes go as text in hexadecimal: the driver would make that of them anyway, one by one. */
function toSql(type: ColumnType, cell: Cell): unknown {
  if (type === 'hash' || type === 'bytes') return `\\x${Buffer.from(cell as Uint8Array).toString('hex')}`;
  return type === 'text' ? cell : String(cell);
}

function arrayType(type: ColumnType): string {
  return type === 'big' ? 'numeric[]' : `${TYPES[type]}[]`;
}

function nameOf(schema: string, { name }: Table): string {
  return `"${schema}"."${name}"`;
}

function column(name: string): string {
  return `"${snake(name)}"`;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
