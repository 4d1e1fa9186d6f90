import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { LESSONS, stepName } from './lessons.ts';
import { countDone, formatProgress, parseProgress } from './progress.ts';

const root = new URL('../../../../../', import.meta.url);

test('the lessons come in their order, and each ends with a question', () => {
  assert.deepEqual(
    LESSONS.map(({ id }) => id),
    ['hash', 'block', 'chain', 'signature', 'coin', 'consensus', 'fork'],
  );
  for (const { steps } of LESSONS) assert.match(steps.at(-1)?.title ?? '', /^Question: .*\?$/);
  const names = LESSONS.flatMap((lesson) => lesson.steps.map((step) => stepName(lesson, step)));
  assert.equal(new Set(names).size, names.length);
});

test('the files and documents that lessons name are there', () => {
  for (const { docs, steps } of LESSONS) {
    assert(existsSync(new URL(docs, root)), docs);
    for (const { source } of steps) assert(existsSync(new URL(source, root)), source);
  }
});

test('progress is read back, and nothing else is taken for it', () => {
  const done = new Set(['hash/type', 'fork/double'] as const);
  assert.deepEqual(parseProgress(formatProgress(done)), done);
  assert.deepEqual(parseProgress('hash/type fork/nothing <b> hash/type'), new Set(['hash/type']));
  assert.deepEqual(parseProgress(null), new Set());
  assert.deepEqual(
    LESSONS.map((lesson) => countDone(lesson, done)),
    [1, 0, 0, 0, 0, 0, 1],
  );
});
