import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareBytes, toHex } from '../base/bytes.ts';
import { decodeKey, decodeRow, encodeKey, encodeValue, parseKey, rowKey, shapeOf } from './row-codec.ts';
import type { AnyRow, Cell, ColumnType, Table } from './table.ts';
import { BLOCKS, HOLDERS, TABLES, TOKEN_WORDS } from './tables.ts';

const texts = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.toWellFormed().replaceAll('\0', ''));
const CELLS: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
  u32: fc.integer({ min: 0, max: 0xffff_ffff }),
  u53: fc.maxSafeNat(),
  big: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes)),
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  text: texts,
};

function rowsOf(table: Table): fc.Arbitrary<AnyRow> {
  const { key, value } = shapeOf(table);
  return fc.record(Object.fromEntries([...key, ...value].map(([name, type]) => [name, CELLS[type]])), {
    noNullPrototype: true,
  }) as fc.Arbitrary<AnyRow>;
}

/** How two cells of a key are sorted. */
function compareCells(a: Cell, b: Cell): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const bytes = (cell: Cell): Uint8Array =>
    typeof cell === 'string' ? Buffer.from(cell) : (cell as Uint8Array);
  return compareBytes(bytes(a), bytes(b));
}

describe('the rows of every table', () => {
  it('come back from their bytes', () => {
    for (const table of TABLES) {
      fc.assert(
        fc.property(rowsOf(table), (row) => {
          assert.deepEqual(decodeRow(table, rowKey(table, row), encodeValue(table, row)), row);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('are sorted like the columns of their keys, and the beginning of a key comes before all it begins', () => {
    for (const table of [HOLDERS, TOKEN_WORDS] as readonly Table[]) {
      const cells = fc.tuple(...shapeOf(table).key.map(([, type]) => CELLS[type]));
      fc.assert(
        fc.property(cells, cells, (a, b) => {
          const order = a.map((cell, i) => compareCells(cell, b[i] as Cell)).find((sign) => sign !== 0) ?? 0;
          assert.equal(Math.sign(compareBytes(encodeKey(table, a), encodeKey(table, b))), Math.sign(order));
          const beginning = encodeKey(table, a.slice(0, 1));
          assert.equal(toHex(encodeKey(table, a)).startsWith(toHex(beginning)), true);
        }),
      );
    }
  });

  it('are refused where the bytes are of no row', () => {
    assert.equal(parseKey(HOLDERS, Uint8Array.of(10, 1, 2)), undefined);
    assert.equal(parseKey(HOLDERS, encodeKey(BLOCKS, [1])), undefined);
    assert.equal(parseKey(TOKEN_WORDS, Uint8Array.of(14, 65, 66)), undefined);
    assert.throws(() => decodeKey(BLOCKS, new Uint8Array(0)), /damaged/);
    assert.throws(() => decodeRow(BLOCKS, encodeKey(BLOCKS, [1]), new Uint8Array(5)), /damaged/);
    assert.throws(() => encodeKey(TOKEN_WORDS, ['a\0b', 1]), /zero byte/);
    assert.throws(() => encodeKey(BLOCKS, [2 ** 32]), /too large/);
    assert.throws(() => encodeKey(BLOCKS, [1, 2]), /columns/);
  });

  it('have a name, a tag and sortable keys each', () => {
    assert.equal(new Set(TABLES.map(({ tag }) => tag)).size, TABLES.length);
    assert.equal(new Set(TABLES.map(({ name }) => name)).size, TABLES.length);
    for (const table of TABLES) {
      assert.ok(table.tag > 0 && table.tag < 0xff);
      for (const [, type] of shapeOf(table).key) assert.ok(type !== 'big' && type !== 'bytes');
    }
  });
});
