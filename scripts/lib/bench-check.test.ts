import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareResults, formatComparisons, formatOptions, hasRegression } from './bench-check.ts';
import { isNoisy, latestResults, parseResults, type SavedResult, savedResult } from './bench-results.ts';

function result(ratio: number, change: Partial<SavedResult> = {}): SavedResult {
  return { date: '2026-11-21', bench: 'import', options: { coins: 1000 }, ratio, cores: 2, ...change };
}

/** The verdict on a ratio where 0.8 is committed and a loss of 15 % is noise. */
function verdictOn(ratio: number): string | undefined {
  return compareResults([result(0.8)], [result(ratio)], 0.15)[0]?.verdict;
}

describe('the comparison of ratios', () => {
  test('a loss within the tolerance is noise, one beyond it a regression', () => {
    assert.equal(verdictOn(0.8), 'ok');
    assert.equal(verdictOn(0.69), 'ok');
    assert.equal(verdictOn(0.67), 'worse');
    assert.equal(verdictOn(0.91), 'ok');
    assert.equal(verdictOn(0.93), 'better');
    assert.equal(verdictOn(Number.NaN), 'worse');
  });

  test('only one regression of many is enough', () => {
    const committed = [result(0.8), result(3, { options: { coins: 2 } })];
    const good = compareResults(committed, [result(0.8)], 0.15);
    const bad = compareResults(committed, [result(0.8), result(2, { options: { coins: 2 } })], 0.15);
    assert.deepEqual([hasRegression(good), hasRegression(bad)], [false, true]);
  });

  test('the last committed result counts, whatever stood before', () => {
    const committed = [result(0.9), result(0.5)];
    assert.equal(compareResults(committed, [result(0.5)], 0.15)[0]?.verdict, 'ok');
  });

  test('other options or another number of cores are not compared', () => {
    const others = [
      result(0.1, { cores: 4 }),
      result(0.1, { options: { coins: 1 } }),
      result(0.1, { bench: 'x' }),
    ];
    const verdicts = compareResults([result(0.8)], others, 0.15).map(({ verdict }) => verdict);
    assert.deepEqual(verdicts, ['new', 'new', 'new']);
  });

  test('the order of options does not matter', () => {
    const committed = [result(0.8, { options: { a: 1, b: true } })];
    const measured = [result(0.1, { options: { b: true, a: 1 } })];
    assert.equal(compareResults(committed, measured, 0.15)[0]?.verdict, 'worse');
  });

  test('the table shows both ratios and shouts at a loss', () => {
    const table = formatComparisons(compareResults([result(0.8)], [result(0.4)], 0.15));
    assert.match(table, /import +0\.8 +0\.4 +−50\.0 % +WORSE +--coins 1000/);
  });
});

describe('saved results', () => {
  const bench = { name: 'import', summary: '', options: {}, run: async () => ({}) };

  test('have a day, and the options that decide what is measured', () => {
    const options = { coins: 5, fresh: true, 'bound-ms': 9, index: false };
    const saved = savedResult(
      bench,
      options,
      { bench: 'import', ratio: 0.5, cores: 2, more: 1 },
      '2026-11-21',
    );
    assert.deepEqual(saved.options, { coins: 5, index: false });
    assert.deepEqual([saved.date, saved.bench, saved['more']], ['2026-11-21', 'import', 1]);
    assert.equal(formatOptions(saved), '--coins 5');
    assert.deepEqual(parseResults(`${JSON.stringify(saved)}\n\n`), [saved]);
  });

  test('a line that is none is named', () => {
    const line = JSON.stringify(result(0.5));
    assert.throws(() => parseResults(`${line}\n{"bench":"import"}\n`), /line 2.*ratio/);
    assert.throws(() => parseResults('{'), /line 1/);
  });

  test('are not taken from a busy machine', () => {
    assert.equal(isNoisy(result(0.8)), false);
    assert.equal(isNoisy(result(0.8, { boundDrift: 0.05 })), false);
    assert.equal(isNoisy(result(0.8, { boundDrift: 0.3 })), true);
    assert.equal(isNoisy(result(0.8, { boundDrift: 0.05, coresFree: 0.95 })), false);
    assert.equal(isNoisy(result(0.8, { boundDrift: 0.05, coresFree: 0.5 })), true);
  });

  test('of each key the last one is the latest', () => {
    const results = [result(0.1), result(0.2, { cores: 4 }), result(0.3)];
    assert.deepEqual(
      latestResults(results).map(({ ratio }) => ratio),
      [0.3, 0.2],
    );
  });
});
