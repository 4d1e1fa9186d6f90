import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { parseFaultsFile } from '@calin/sim/compare/faults-file.ts';
import { TRIALS } from '@calin/sim/compare/trials.ts';
import { COMPARISON_PATH, FAULTS_PATH, type SavedComparison } from '../lib/saved-comparison.ts';
import { fromRoot } from '../lib/workspace.ts';
import { formatEngine } from './engines.ts';

const json = (path: string): unknown => JSON.parse(readFileSync(fromRoot(path), 'utf8'));
const saved = json(COMPARISON_PATH) as SavedComparison;

test('the saved comparison is of the faults that lie beside it, and of every consensus and trial', () => {
  assert.deepEqual(parseFaultsFile(json(FAULTS_PATH)), { ok: true, value: saved.faults });
  assert.deepEqual(
    saved.runs.map(({ consensus }) => consensus),
    PRESET_NAMES,
  );
  assert.deepEqual(
    saved.trials.map(({ name, results }) => [
      name,
      results.map(({ consensus, claim }) => [consensus, claim]),
    ]),
    TRIALS.map(({ setting, claims }) => [
      setting.name,
      PRESET_NAMES.flatMap((name) => (claims[name] === undefined ? [] : [[name, claims[name]]])),
    ]),
  );
});

test('in it every consensus kept what it says, and nothing broke under the file of faults', () => {
  for (const { consensus, violations } of saved.runs) assert.deepEqual(violations, [], consensus);
  for (const { name, results } of saved.trials) {
    for (const { consensus, claim, seen, broken } of results) {
      assert.equal(seen, claim, `${consensus}, ${name}`);
      assert.equal(broken !== undefined, claim === 'breaks', `${consensus}, ${name}`);
    }
  }
});

test('a page says what was measured, and a consensus without a run has none', () => {
  const page = formatEngine('bft', saved);
  const run = saved.runs.find(({ consensus }) => consensus === 'bft');
  assert.ok(run !== undefined);
  assert.ok(page.includes(`| heights with several blocks | ${run.forks} |`));
  assert.ok(
    page.includes('| in two halves, four of ten on both sides | **two blocks of one height become final** |'),
  );
  assert.doesNotMatch(page, /undefined|NaN/);
  assert.throws(() => formatEngine('bft', { ...saved, runs: [] }), /npm run compare/);
});
