import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { choosePresets, readFaults } from './choose-comparison.ts';

describe('what is compared', () => {
  it('is all that nodes can run, or what is named', () => {
    const all = choosePresets('all');
    assert.ok(all.ok);
    const { chosen, refused } = all.value;
    assert.deepEqual([...chosen, ...refused].toSorted(), PRESET_NAMES.toSorted());
    assert.ok(chosen.includes('poa') && chosen.includes('pow'));
    assert.deepEqual(choosePresets('pow, poa,pow'), {
      ok: true,
      value: { chosen: ['pow', 'poa'], refused: [] },
    });
    for (const name of refused) {
      const named = choosePresets(name);
      assert.equal(named.ok ? '' : named.error.rule, 'genesis/consensus-combination');
    }
    const unknown = choosePresets('poa,proof');
    assert.deepEqual(unknown.ok ? '' : [unknown.error.rule, unknown.error.evidence['got']], [
      'cli/option-value',
      'proof',
    ]);
  });
});

describe('a file of faults', () => {
  it('may be left out, and is refused when it is none', () => {
    assert.deepEqual(readFaults(undefined), { ok: true, value: { faults: [] } });
    const folder = mkdtempSync(join(tmpdir(), 'calin-faults-'));
    try {
      const path = join(folder, 'faults.json');
      const ruleOf = (): string => {
        const read = readFaults(path);
        return read.ok ? `${read.value.faults.length}` : read.error.rule;
      };
      assert.equal(ruleOf(), 'cli/file');
      writeFileSync(path, '{ "faults": ');
      assert.equal(ruleOf(), 'cli/file');
      writeFileSync(path, '{ "faults": [{}] }');
      assert.equal(ruleOf(), 'faults/shape');
      writeFileSync(path, '{ "faults": [{ "kind": "crash", "fromS": 1, "toS": 2, "nodesPercent": 5 }] }');
      assert.equal(ruleOf(), '1');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
