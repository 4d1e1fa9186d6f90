import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QR_BORDER, qrLines, qrModules } from './qr-code.ts';

/** The pattern that stands in three corners of every code, by ISO/IEC 18004. */
const FINDER = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];

test('a code has its finder patterns, its timing and its dark module', () => {
  const modules = qrModules(`calin:${'dcal1qqqq'.repeat(8)}?amount=1.5`);
  const size = modules.length;
  assert.equal((size - 21) % 4, 0, 'a size of the standard');
  const part = (y: number, x: number) =>
    FINDER.map((_, dy) => FINDER.map((__, dx) => (modules[y + dy]?.[x + dx] ? '1' : '0')).join(''));
  for (const [y, x] of [
    [0, 0],
    [0, size - 7],
    [size - 7, 0],
  ] as const)
    assert.deepEqual(part(y, x), FINDER);
  assert.notDeepEqual(part(size - 7, size - 7), FINDER);
  for (let i = 8; i < size - 8; i++) assert.equal(modules[6]?.[i], i % 2 === 0, `timing ${i}`);
  assert.equal(modules[size - 8]?.[8], true);
});

test('lines hold every module once, with the border, in either colours', () => {
  const modules = qrModules('calin');
  const height = modules.length + 2 * QR_BORDER;
  const painted = qrLines(modules, (line) => line);
  assert.equal(painted.length, Math.ceil(height / 2));
  const dark = (lines: readonly string[], drawn: boolean) =>
    lines.flatMap((line) => {
      const cells = [...line];
      return [
        cells.map((cell) => '█▀'.includes(cell) === drawn),
        cells.map((cell) => '█▄'.includes(cell) === drawn),
      ];
    });
  const rows = dark(painted, true);
  for (const [y, row] of modules.entries())
    assert.deepEqual(rows[y + QR_BORDER]?.slice(QR_BORDER, -QR_BORDER), row, `row ${y}`);
  assert.deepEqual(dark(qrLines(modules), false).slice(0, height), rows.slice(0, height));
  assert.ok(
    rows[0]?.every((module) => !module),
    'the border is light',
  );
});

test('what no scanner could read is a mistake of the caller', () => {
  assert.throws(() => qrModules('x'.repeat(2001)), /too many/);
});
