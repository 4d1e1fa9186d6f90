import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { JsonSchema } from '@calin/core/base/schema.ts';
import { faultsFileSchema, parseFaultsFile } from './faults-file.ts';
import { refuseFaults } from './rules.ts';

const partition = { kind: 'partition', fromS: 60, toS: 90, nodesPercent: 40 };
const links = { kind: 'links', fromS: 60, toS: 90, lostPermille: 20 };

function ruleOf(...faults: readonly object[]): string {
  const parsed = parseFaultsFile({ faults });
  return parsed.ok ? '' : parsed.error.rule;
}

describe('a file of faults', () => {
  it('may name every kind, with what was left out as nothing', () => {
    const parsed = parseFaultsFile({
      faults: [
        partition,
        links,
        { kind: 'crash', fromS: 0, toS: 10, nodesPercent: 1 },
        { kind: 'clocks', fromS: 5, skewMsMax: 900 },
        { kind: 'byzantine', makersPercent: 30, does: 'equivocate' },
      ],
    });
    assert.ok(parsed.ok);
    assert.equal(parsed.value.faults.length, 5);
    assert.deepEqual(parsed.value.faults[1], { ...links, doubledPermille: 0, latePermille: 0 });
  });

  it('is refused for what it does not know, and for times that cannot be', () => {
    assert.equal(ruleOf({ kind: 'flood' }), 'faults/shape');
    assert.equal(ruleOf({ ...partition, nodes: 3 }), 'faults/shape');
    assert.equal(ruleOf({ ...partition, nodesPercent: 100 }), 'faults/shape');
    assert.equal(ruleOf({ ...partition, toS: 60 }), 'faults/time');
    assert.equal(ruleOf(partition, { ...partition, fromS: 89, toS: 95 }), 'faults/overlap');
    assert.equal(ruleOf({ ...links, fromS: 70 }, links), 'faults/overlap');
    assert.equal(ruleOf(partition, links, { ...partition, fromS: 90, toS: 95 }), '');
    const parsed = parseFaultsFile([partition]);
    assert.equal(parsed.ok ? '' : parsed.error.rule, 'faults/shape');
  });

  it('is described in the reference, field by field', () => {
    const page = readFileSync(new URL('../../../../docs/reference/simulator.md', import.meta.url), 'utf8');
    const kinds = faultsFileSchema.json.properties?.['faults']?.items?.oneOf ?? [];
    assert.equal(kinds.length, 5);
    for (const kind of kinds) for (const name of names(kind)) assert.ok(page.includes(`\`${name}\``), name);
    for (const rule of Object.keys(refuseFaults.rules)) assert.ok(page.includes(`\`${rule}\``), rule);
  });
});

function names({ properties = {} }: JsonSchema): string[] {
  return [
    ...(properties['kind']?.enum ?? []),
    ...(properties['does']?.enum ?? []),
    ...Object.keys(properties),
  ];
}
