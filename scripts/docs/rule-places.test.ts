import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPlaces } from './rule-places.ts';

test('a rule is placed where it refuses, and not where it is declared', () => {
  const declared = "export const refuse = defineRules({\n  'tx/late': {\n  'tx/unused': {\n";
  const text = formatPlaces([
    { path: 'ledger/rules.ts', text: declared },
    { path: 'ledger/b.ts', text: "refuse('tx/late')" },
    { path: 'ledger/a.ts', text: "rule === 'tx/late'" },
    { path: 'ledger/c.ts', text: 'nothing' },
    { path: 'chain/a.ts', text: "case 'tx/late':" },
  ]);
  assert.match(text, /'tx\/late': \['ledger\/a\.ts', 'ledger\/b\.ts', 'chain\/a\.ts'\],/);
  assert(!text.includes('tx/unused') && !text.includes('c.ts'));
});
