import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from '../../packages/calin/bench/bench.ts';
import { formatBenchHelp, formatBenchResult, parseBenchOptions } from './bench.ts';

const bench: Bench = {
  name: 'import',
  summary: 'Imports blocks.',
  options: {
    blocks: { summary: 'Blocks to import.', default: 24 },
    store: { summary: 'Where they go.', default: 'memory' },
    quick: { summary: 'Measure less.', default: false },
  },
  run: async (options) => options,
};

test('options are read by the type of their default', () => {
  assert.deepEqual(parseBenchOptions(bench, []), { blocks: 24, store: 'memory', quick: false });
  const args = ['--blocks', '3', '--store=level', '--quick'];
  assert.deepEqual(parseBenchOptions(bench, args), { blocks: 3, store: 'level', quick: true });
});

test('unknown options and numbers that are none are refused', () => {
  assert.throws(() => parseBenchOptions(bench, ['--nothing']), /--nothing/);
  assert.throws(() => parseBenchOptions(bench, ['--blocks', 'many']), /--blocks is a number/);
  assert.throws(() => parseBenchOptions(bench, ['--blocks=']), /--blocks is a number/);
});

test('help names every option with its default', () => {
  const help = formatBenchHelp(bench);
  assert.match(help, /--blocks\s+Blocks to import\. \(24\)/);
  assert.match(help, /--quick\s+Measure less\. \(false\)/);
});

test('results line up and keep four digits', () => {
  assert.equal(
    formatBenchResult({ rate: 33_851.27, name: 'x', list: [1] }),
    'rate  33850\nname  x\nlist  [1]',
  );
});
