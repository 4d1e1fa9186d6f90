import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRules } from './rules.ts';

const rule = { message: 'It is wrong.', help: 'Mend a | b.', path: 'x/rules.ts' };

test('rules are grouped by prefix, in order, with their defaults filled in', () => {
  const text = formatRules([
    { ...rule, id: 'tx/late', banPoints: 20, retry: true },
    { ...rule, id: 'block/bad' },
    { ...rule, id: 'tx/early' },
  ]);
  assert.deepEqual(text.match(/^## .*/gm), ['## block', '## tx']);
  assert.deepEqual(text.match(/^\| `.*/gm), [
    '| `block/bad` | It is wrong. | Mend a \\| b. | 0 | no |',
    '| `tx/early` | It is wrong. | Mend a \\| b. | 0 | no |',
    '| `tx/late` | It is wrong. | Mend a \\| b. | 20 | yes |',
  ]);
});

test('one id has one meaning', () => {
  const twins = [
    { ...rule, id: 'tx/late' },
    { ...rule, id: 'tx/late', path: 'y/rules.ts' },
  ];
  assert.throws(() => formatRules(twins), /tx\/late is declared in x\/rules.ts and in y\/rules.ts/);
});
