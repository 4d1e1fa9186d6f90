import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tenthsOf } from './tenths.ts';

test('ten parts make up the whole run', () => {
  for (const blocks of [10, 14, 25, 240]) {
    const answered = Array.from({ length: blocks }, (_, i) => ({ wallMs: (i + 1) ** 2, cpuMs: i + 1 }));
    const tenths = tenthsOf(answered);
    const sum = (of: (tenth: (typeof tenths)[number]) => number) =>
      tenths.reduce((total, tenth) => total + of(tenth), 0);
    assert.equal(tenths.length, 10);
    assert(tenths.every((tenth) => tenth.blocks >= 1 && tenth.cpuMs === tenth.blocks));
    assert.deepEqual(
      [sum((tenth) => tenth.blocks), sum((tenth) => tenth.wallMs), sum((tenth) => tenth.cpuMs)],
      [blocks, blocks ** 2, blocks],
    );
  }
});

test('the first tenth begins with the run', () => {
  const answered = Array.from({ length: 20 }, (_, i) => ({ wallMs: 100 + i, cpuMs: 0 }));
  assert.deepEqual(tenthsOf(answered)[0], { blocks: 2, wallMs: 101, cpuMs: 0 });
});
