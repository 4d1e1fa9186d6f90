import { assert } from '../base/assert.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { RowChange } from './index-stage.ts';
import { decodeRow, encodeValue } from './row-codec.ts';
import { TABLES } from './tables.ts';

/** Values longer than any other row has; the undo records are no part of themselves. */
const VALUE_BYTES_MAX = 0xffff;
/** Says that there was no row. */
const ABSENT = 0xffff;

/**
 * What was there before a block, as a row of its own: for each row a length u16 and the key, whose first byte names the
 * table, then a length u16 (0xffff for no row) and the value.
 */
export function encodeUndo(before: readonly RowChange[]): Uint8Array {
  const writer = new Writer(64 * before.length + 64);
  for (const { table, key, row } of before) {
    writer.u16(key.length).bytes(key);
    if (row === undefined) {
      writer.u16(ABSENT);
      continue;
    }
    const value = encodeValue(table, row);
    assert(value.length < VALUE_BYTES_MAX, `a row of ${table.name} is too long to be put back`);
    writer.u16(value.length).bytes(value);
  }
  return writer.finish();
}

/**
 * Reads what {@link encodeUndo} wrote.
 *
 * @throws AssertionError when it is damaged
 */
export function decodeUndo(bytes: Uint8Array): RowChange[] {
  const reader = new Reader(bytes);
  const before: RowChange[] = [];
  while (reader.left > 0 && reader.failure === undefined) {
    const key = reader.take(reader.u16());
    const length = reader.u16();
    const value = length === ABSENT ? undefined : reader.take(length);
    const table = TABLES.find(({ tag }) => tag === key[0]);
    if (reader.failure !== undefined) break;
    assert(table !== undefined, 'an undo record of the index names no table');
    before.push({ table, key, row: value === undefined ? undefined : decodeRow(table, key, value) });
  }
  assert(reader.failure === undefined, 'an undo record of the index is damaged');
  return before;
}
