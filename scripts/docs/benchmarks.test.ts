import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredGoals } from '../lib/bench-goals.ts';
import type { SavedResult } from '../lib/bench-results.ts';
import { makePages } from './benchmarks.ts';

const MACHINE = { date: '2026-11-21', cores: 2, node: 'v24.21.0' };

const IMPORT: SavedResult = {
  ...MACHINE,
  bench: 'import',
  options: { coins: 1_000_000, blocks: 24, verified: false, index: false },
  ratio: 0.8,
  transfersPerSecond: 30_000,
  cpuUsPerTransfer: 60,
  cpuUsPerSignature: 50,
  applyUsPerTransfer: 4,
  takeInUsPerTransfer: 1,
};
const INGEST: SavedResult = {
  ...MACHINE,
  bench: 'ingest',
  options: { endpoint: 'binary', transfers: 100_000, index: false },
  ratio: 0.6,
  transfersPerSecond: 22_000,
};
const CURVE: SavedResult = {
  ...MACHINE,
  bench: 'sync-curve',
  options: { coins: 200_000, blocks: 200, transfers: 5000, verified: false, index: false },
  ratio: 1,
  transfersPerSecondByTenth: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
};
const MEMORY: SavedResult = {
  ...MACHINE,
  bench: 'memory',
  options: { coins: 10_000_000 },
  ratio: 0.5,
  rssBytesPerCoin: 150,
  entryBytes: 88,
};
const DISK: SavedResult = {
  ...MACHINE,
  bench: 'disk',
  options: { coins: 100_000 },
  ratio: 0.7,
  bytesPerTransfer: 350,
  bytesPerTransferWithIndex: 500,
  recordBytesPerTransfer: { blocks: 248, undo: 50 },
  recordBytesPerTransferWithIndex: { blocks: 248, undo: 50, transactionIndex: 77 },
};
const BFT: SavedResult = {
  ...MACHINE,
  bench: 'bft',
  options: { validators: 4, transfers: 1000, blocks: 120, 'warm-up': 120 },
  ratio: 0.13,
  shareRatio: 0.52,
  blockP50Ms: 180,
};
const ALL = [IMPORT, INGEST, CURVE, MEMORY, DISK, BFT];

test('without results there is a page and no chart', async () => {
  const pages = makePages([]);
  assert.deepEqual(
    pages.map(({ path }) => path),
    ['docs/reference/benchmark-results.md'],
  );
});

test('every chart is drawn, named by the page, and whole', async () => {
  const [page, ...charts] = makePages(ALL);
  const text = (await page?.generate()) ?? '';
  assert.equal(charts.length, 6);
  for (const { path, generate } of charts) {
    const svg = await generate();
    assert(text.includes(path.replace('docs/', '../')), path);
    assert.match(svg, /^<svg [\s\S]*<\/svg>\n$/);
    assert(!/NaN|Infinity|undefined/.test(svg), path);
    assert.equal(svg.match(/</g)?.length, svg.match(/>/g)?.length, 'each tag is closed');
  }
});

test('the table shows the last result of each kind', async () => {
  const [page] = makePages([{ ...IMPORT, ratio: 0.123 }, IMPORT]);
  const text = (await page?.generate()) ?? '';
  assert.match(text, /\| import \| `--coins 1000000 --blocks 24` \| 0.8 \| transfersPerSecond 30000/);
  assert(!text.includes('0.123'));
});

test('a goal is found by what was measured, and judged in its direction', () => {
  const goals = measuredGoals([
    ...ALL,
    { ...IMPORT, options: { ...IMPORT.options, index: true }, ratio: 0.1 },
  ]);
  assert.deepEqual(
    goals.map(({ label, value }) => [label, value]),
    [
      ['Import, every signature', 0.8],
      ['Ingest, bundles of bytes', 0.6],
      ['Sync curve', 1],
      ['Memory of a coin', 150],
      ['Disk of a simple transfer', 350],
      ['Votes on each block, 4 nodes', 180],
      ['Votes on each block, 4 nodes', 0.52],
    ],
  );
});
