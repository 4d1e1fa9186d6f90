import { assert } from '../base/assert.ts';
import { parseUtf8, utf8Bytes } from '../base/text.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { AnyRow, Cell, ColumnType, Table } from './table.ts';

/** Bytes of a key: the longest is a word of a token with an id. */
const KEY_BYTES_MAX = 1024;

/** Bytes of an index u32 and a u53 in a key. */
const U32_BYTES = 4;
const U53_BYTES = 8;

/** Names and types of the columns of a table, once for each: `Object.entries` is slow for every row. */
const shapes = new WeakMap<Table, Shape>();

interface Shape {
  readonly key: readonly (readonly [name: string, type: ColumnType])[];
  readonly value: readonly (readonly [name: string, type: ColumnType])[];
}

/** The columns of a table, of its key first. */
export function shapeOf(table: Table): Shape {
  let shape = shapes.get(table);
  if (shape === undefined) {
    shape = { key: Object.entries(table.key), value: Object.entries(table.value) };
    shapes.set(table, shape);
  }
  return shape;
}

/** Where keys and short rows are put together, for they are made by the million. */
const scratch = new Uint8Array(KEY_BYTES_MAX);

/**
 * The key of a row, or what all keys begin with whose first columns are these: the tag of the table, then the columns,
 * so that keys sort like the tuples of their values. Numbers are big-endian, hashes are as they are, and a text ends
 * with a zero byte, which is in none.
 *
 * @param values - of the columns of the key, in order
 */
export function encodeKey(table: Table, values: readonly Cell[]): Uint8Array {
  const { key } = shapeOf(table);
  assert(values.length <= key.length, `a key of ${table.name} has ${key.length} columns`);
  scratch[0] = table.tag;
  let at = 1;
  for (let i = 0; i < values.length; i++) {
    at = writeKeyCell(at, (key[i] as Shape['key'][number])[1], values[i] as Cell);
  }
  return scratch.slice(0, at);
}

/** The key of a row. */
export function rowKey(table: Table, row: AnyRow): Uint8Array {
  return encodeKey(
    table,
    shapeOf(table).key.map(([name]) => row[name] as Cell),
  );
}

/** The cells of a whole key, in order; undefined for bytes that are no key of this table. */
export function parseKey(table: Table, key: Uint8Array): Cell[] | undefined {
  if (key[0] !== table.tag) return undefined;
  const reader = new Reader(key, 1);
  const cells = shapeOf(table).key.map(([, type]) => readKeyCell(reader, type));
  return reader.finish(cells).ok ? cells : undefined;
}

/**
 * The same for a key of the index's own.
 *
 * @throws AssertionError when it is damaged
 */
export function decodeKey(table: Table, key: Uint8Array): Cell[] {
  const cells = parseKey(table, key);
  assert(cells !== undefined, `a key of ${table.name} in the index is damaged`);
  return cells;
}

/** The columns of a row that are not in its key. */
export function encodeValue(table: Table, row: AnyRow): Uint8Array {
  const { value } = shapeOf(table);
  let at = 0;
  for (let i = 0; i < value.length; i++) {
    const [name, type] = value[i] as Shape['value'][number];
    if (type === 'u32') at = writeLittleEndian(at, U32_BYTES, row[name] as number);
    else if (type === 'u53') at = writeLittleEndian(at, U53_BYTES, row[name] as number);
    else if (type === 'hash') at = writeHash(at, row[name] as Uint8Array);
    // A row with anything of another length is one of few in its block.
    else return encodeAnyValue(table, row);
  }
  return scratch.slice(0, at);
}

function encodeAnyValue(table: Table, row: AnyRow): Uint8Array {
  const writer = new Writer(256);
  for (const [name, type] of shapeOf(table).value) writeCell(writer, type, row[name] as Cell);
  return writer.finish();
}

/**
 * The row of a key and a value.
 *
 * @throws AssertionError when they are none of this table: the index is damaged
 */
export function decodeRow(table: Table, key: Uint8Array, value: Uint8Array): AnyRow {
  const shape = shapeOf(table);
  const row: Record<string, Cell> = {};
  const cells = decodeKey(table, key);
  for (const [i, [name]] of shape.key.entries()) row[name] = cells[i] as Cell;
  const reader = new Reader(value);
  for (const [name, type] of shape.value) row[name] = readCell(reader, type);
  assert(reader.finish(row).ok, `a row of ${table.name} in the index is damaged`);
  return row;
}

function writeLittleEndian(at: number, bytes: number, value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, `not a number of the index: ${value}`);
  let rest = value;
  for (let i = at; i < at + bytes; i++) {
    scratch[i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  assert(rest === 0, `too large a number in a row: ${value}`);
  return at + bytes;
}

function writeHash(at: number, hash: Uint8Array): number {
  assert(hash.length === 32, `${hash.length} bytes where 32 belong`);
  scratch.set(hash, at);
  return at + 32;
}

function writeKeyCell(at: number, type: ColumnType, value: Cell): number {
  if (type === 'u32') return writeBigEndian(at, U32_BYTES, value as number);
  if (type === 'u53') return writeBigEndian(at, U53_BYTES, value as number);
  const bytes = type === 'text' ? utf8Bytes(value as string) : (value as Uint8Array);
  assert(type === 'text' || bytes.length === 32, 'a column of a key that is no number, hash or text');
  assert(at + bytes.length < KEY_BYTES_MAX, 'a key of the index is too long');
  scratch.set(bytes, at);
  if (type !== 'text') return at + bytes.length;
  assert(!bytes.includes(0), 'a text in a key has no zero byte');
  scratch[at + bytes.length] = 0;
  return at + bytes.length + 1;
}

function writeBigEndian(at: number, bytes: number, value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, `not a number of the index: ${value}`);
  let rest = value;
  for (let i = at + bytes - 1; i >= at; i--) {
    scratch[i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  assert(rest === 0, `too large a number in a key: ${value}`);
  return at + bytes;
}

function readKeyCell(reader: Reader, type: ColumnType): Cell {
  if (type === 'u32') return readBigEndian(reader, U32_BYTES);
  if (type === 'u53') return readBigEndian(reader, U53_BYTES);
  if (type !== 'text') return reader.hash();
  const end = reader.bytes.indexOf(0, reader.offset);
  const text = reader.take(Math.max(0, end - reader.offset));
  reader.skip(1);
  return parseUtf8(text) ?? '';
}

function readBigEndian(reader: Reader, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value = value * 0x100 + reader.u8();
  return value;
}

function writeCell(writer: Writer, type: ColumnType, value: Cell): void {
  switch (type) {
    case 'u32':
      writer.u32(value as number);
      return;
    case 'u53':
      writer.u53(value as number);
      return;
    case 'hash':
      writer.hash(value as Uint8Array);
      return;
    case 'big':
      writeBig(writer, value as bigint);
      return;
    default: {
      const bytes = type === 'text' ? utf8Bytes(value as string) : (value as Uint8Array);
      writer.u32(bytes.length).bytes(bytes);
    }
  }
}

function readCell(reader: Reader, type: ColumnType): Cell {
  switch (type) {
    case 'u32':
      return reader.u32();
    case 'u53':
      return reader.u53();
    case 'hash':
      return reader.hash();
    case 'big':
      return readBig(reader);
    default: {
      const bytes = reader.take(reader.count(reader.u32(), reader.left, 1));
      return type === 'text' ? (parseUtf8(bytes) ?? '') : bytes;
    }
  }
}

/** A length, then as many bytes in little-endian order, without zeros at the end. */
function writeBig(writer: Writer, value: bigint): void {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  assert(value >= 0n && bytes.length <= 32, 'a number of at most 32 bytes');
  writer.u8(bytes.length).bytes(Uint8Array.from(bytes));
}

function readBig(reader: Reader): bigint {
  let value = 0n;
  for (const byte of reader.take(reader.u8()).toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}
