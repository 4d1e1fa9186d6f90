import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findStudy, STUDIES } from '@calin/sim/study/studies.ts';
import { STUDY_FAULTS } from '@calin/sim/study/study-faults.ts';
import { fromRoot } from '../lib/workspace.ts';
import { pages } from './study.ts';

const page = readFileSync(fromRoot('docs/reference/study-protocols.md'), 'utf8');

/** The cells of every row of a table, without the marks of code. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

/** What is sent for one decision alone. */
const OWN = new Set(['request', 'answer', 'append', 'append-reply', 'pre-prepare', 'prepare', 'commit']);

test('docs/reference/study-protocols.md says what a decision costs', () => {
  const costs = rows.filter((cells) => findStudy(cells[1] ?? '') !== undefined);
  assert.equal(costs.length, 2 * STUDIES.length);
  for (const [, name = '', nodes, messages, bytes, delays] of costs) {
    const calm = { seed: 3, faults: [], clients: 1, pauseMs: 0, durationS: 20, nodes: Number(nodes) };
    const report = findStudy(name)?.run(calm).report;
    const own = (report?.traffic ?? []).filter(({ kind }) => OWN.has(kind));
    const each = (field: 'messages' | 'bytes') =>
      Math.round(own.reduce((sum, one) => sum + one[field], 0) / (report?.decisions ?? 0));
    const measured = [each('messages'), each('bytes'), report?.answerDelays];
    assert.deepEqual([messages, bytes, delays].map(Number), measured, `${name} ${nodes}`);
  }
});

test('docs/reference/study-protocols.md has every fault, and every drawing that is made for it', () => {
  for (const fault of STUDY_FAULTS)
    assert.ok(
      rows.some(([, name]) => name === fault),
      fault,
    );
  for (const { path } of pages) assert.ok(page.includes(path.replace('docs/', '../')), path);
});
