import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FEATURES } from '@calin/core/p2p/features.ts';
import { BUDGETS } from '@calin/core/p2p/limits.ts';
import { encodeMessage, familyOf, laneOf, MESSAGE_KINDS } from '@calin/core/p2p/messages/message.ts';
import { frameVectors } from '@calin/core/p2p/messages/vectors.ts';
import { fromRoot } from '../lib/workspace.ts';

const page = readFileSync(fromRoot('docs/reference/network.md'), 'utf8');

/** The cells of every row of a table, without the marks of code. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

test('docs/reference/network.md lists every message with its tag and lane, in the order of the tags', () => {
  const tags = new Map(frameVectors().map(({ message }) => [message.kind, encodeMessage(message)[0] ?? 0]));
  const expected = MESSAGE_KINDS.map((kind) => [
    (tags.get(kind) ?? 0).toString(16).padStart(2, '0'),
    kind,
    laneOf(kind),
  ]);
  const kinds: ReadonlySet<string> = new Set(MESSAGE_KINDS);
  const listed = rows
    .filter((cells) => /^[0-9a-f]{2}$/.test(cells[1] ?? '') && kinds.has(cells[2] ?? ''))
    .map((cells) => [cells[1], cells[2], cells[5]]);
  assert.deepEqual(
    listed,
    expected.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
});

test('docs/reference/network.md has the budgets and the tags of every family', () => {
  const tags = new Map(frameVectors().map(({ message }) => [message.kind, encodeMessage(message)[0] ?? 0]));
  const bytes = (value: number) => (value >= 2 ** 20 ? `${value / 2 ** 20} MiB` : `${value / 1024} KiB`);
  for (const [family, budget] of Object.entries(BUDGETS)) {
    const own = MESSAGE_KINDS.filter((kind) => familyOf(kind) === family).map((kind) => tags.get(kind) ?? 0);
    // Strays are counted by what they are, not by their kind, and their bytes with those of their kind.
    const isKind = own.length > 0;
    const row = rows.find((cells) => cells[1]?.startsWith(isKind ? `${family} (` : family));
    const hex = (tag: number) => tag.toString(16).padStart(2, '0');
    const [first, last] = [hex(Math.min(...own)), hex(Math.max(...own))];
    const span = new RegExp(`\\(${first}(?:${first === last ? '' : `(?: to |, )${last}`})\\)$`);
    if (isKind) assert.match(row?.[1] ?? '', span, family);
    const messages = [budget.messagesPerSecond, budget.messagesBurst].map((one) => one.toLocaleString('en'));
    const sizes = isKind ? [bytes(budget.bytesPerSecond), bytes(budget.bytesBurst)] : ['', ''];
    assert.deepEqual(row?.slice(2, 6), [...messages, ...sizes]);
  }
});

test('docs/reference/network.md has every feature', () => {
  for (const bit of Object.values(FEATURES)) {
    assert.ok(
      rows.some((cells) => cells.length === 4 && cells[1] === `${bit}`),
      `bit ${bit}`,
    );
  }
});
