import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProgress } from './progress.ts';

test('the bar fills from empty to full and never beyond', () => {
  const bar = (done: number, total: number) => formatProgress('x', done, total, '');
  assert.equal(bar(0, 10), `x ${'░'.repeat(24)}   0 %`);
  assert.equal(bar(5, 10), `x ${'█'.repeat(12)}${'░'.repeat(12)}  50 %`);
  assert.equal(bar(10, 10), `x ${'█'.repeat(24)} 100 %`);
  assert.equal(bar(12, 10), bar(10, 10));
  assert.equal(bar(0, 0), bar(0, 10));
});

test('what is being done stands at the end', () => {
  assert.match(formatProgress('x', 1, 3, 'signing'), /^x █{8}░{16} {2}33 % signing$/);
});
