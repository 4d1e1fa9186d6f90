import type { BenchOptions } from '../../packages/calin/bench/bench.ts';
import type { SavedResult } from './bench-results.ts';
import type { Goal } from './charts/goal-chart.ts';

/** A goal, and where its value is found. */
interface Target extends Omit<Goal, 'value'> {
  readonly bench: string;
  /** Options that the run must have had; the others may be anything. */
  readonly options: BenchOptions;
  readonly field: string;
}

const PLAIN = { verified: false, index: false };

/** The usual size of an ingest; the regression check runs smaller ones. */
export const INGEST_SIZE = { transfers: 100_000, index: false };

/** The usual size of a run with votes on each block; the same holds of it. */
const BFT_SIZE = { validators: 4, transfers: 1000, blocks: 120 };

/** What Calin sets out to reach on two cores. */
const TARGETS: readonly Target[] = [
  {
    bench: 'import',
    options: { coins: 1_000_000, ...PLAIN },
    field: 'ratio',
    label: 'Import, every signature',
    detail: '1M coins',
    unit: '×',
    bar: 0.75,
    aim: 0.85,
    more: true,
  },
  {
    bench: 'import',
    options: { coins: 10_000_000, ...PLAIN },
    field: 'ratio',
    label: 'Import, every signature',
    detail: '10M coins',
    unit: '×',
    bar: 0.7,
    aim: 0.8,
    more: true,
  },
  {
    bench: 'import',
    options: { coins: 1_000_000, verified: true, index: false },
    field: 'ratio',
    label: 'Import, signatures known',
    detail: '1M coins',
    unit: '×',
    bar: 3,
    aim: 4.5,
    more: true,
  },
  {
    bench: 'ingest',
    options: { endpoint: 'binary', ...INGEST_SIZE },
    field: 'ratio',
    label: 'Ingest, bundles of bytes',
    detail: 'to synced blocks',
    unit: '×',
    bar: 0.55,
    aim: 0.7,
    more: true,
  },
  {
    bench: 'ingest',
    options: { endpoint: 'json', ...INGEST_SIZE },
    field: 'ratio',
    label: 'Ingest, JSON, 100 at a time',
    detail: 'to synced blocks',
    unit: '×',
    bar: 0.45,
    aim: 0.6,
    more: true,
  },
  {
    bench: 'sync-curve',
    options: { blocks: 200, ...PLAIN },
    field: 'ratio',
    label: 'Sync curve',
    detail: 'last tenth to first',
    unit: '×',
    bar: 0.9,
    aim: 0.95,
    more: true,
  },
  {
    bench: 'start',
    options: { runs: 7 },
    field: 'startMs',
    label: 'Cold start of calin dev',
    detail: 'to the first answer',
    unit: ' ms',
    bar: 1000,
    aim: 500,
    more: false,
  },
  {
    bench: 'memory',
    options: { coins: 10_000_000 },
    field: 'rssBytesPerCoin',
    label: 'Memory of a coin',
    detail: '10M coins',
    unit: ' B',
    bar: 200,
    aim: 140,
    more: false,
  },
  {
    bench: 'disk',
    options: { coins: 100_000 },
    field: 'bytesPerTransfer',
    label: 'Disk of a simple transfer',
    detail: 'full mode, no index',
    unit: ' B',
    bar: 400,
    aim: 330,
    more: false,
  },
  {
    bench: 'state',
    options: { coins: 1_000_000 },
    field: 'proofBytesMax',
    label: 'Longest proof of a coin',
    detail: '1M coins',
    unit: ' B',
    bar: 1024,
    aim: 900,
    more: false,
  },
  {
    bench: 'network-sync',
    options: { coins: 100_000, blocks: 20 },
    field: 'ratio',
    label: 'Sync from one other node',
    detail: 'against an import',
    unit: '×',
    bar: 0.8,
    aim: 0.95,
    more: true,
  },
  {
    bench: 'network-relay',
    options: { shape: 'key', transfers: 0 },
    field: 'p50Ms',
    label: 'Block of 1 MB to four nodes',
    detail: 'applied by all',
    unit: ' ms',
    bar: 60,
    aim: 40,
    more: false,
  },
  {
    bench: 'flood',
    options: { attackers: 20, blocks: 40 },
    field: 'ratio',
    label: 'Blocks while 20 peers flood',
    detail: 'at most twice the delay of peace',
    unit: '×',
    bar: 1,
    aim: 1.5,
    more: true,
  },
  {
    bench: 'bft',
    options: BFT_SIZE,
    field: 'blockP50Ms',
    label: 'Votes on each block, 4 nodes',
    detail: '1,000 transfers a block',
    unit: ' ms',
    bar: 300,
    aim: 150,
    more: false,
  },
  {
    bench: 'bft',
    options: BFT_SIZE,
    field: 'shareRatio',
    label: 'Votes on each block, 4 nodes',
    detail: 'of a fourth of the rate',
    unit: '×',
    bar: 0.5,
    aim: 0.6,
    more: true,
  },
  {
    bench: 'sim',
    options: { nodes: 1000, duration: 3600 },
    field: 'speedup',
    label: 'Simulation of an hour',
    detail: '1,000 nodes, real time',
    unit: '×',
    bar: 60,
    aim: 80,
    more: true,
  },
  {
    bench: 'sim',
    options: { nodes: 4000, duration: 3600 },
    field: 'wallS',
    label: 'Simulation of an hour',
    detail: '4,000 nodes',
    unit: ' s',
    bar: 180,
    aim: 150,
    more: false,
  },
];

/**
 * The last result of a benchmark whose options are at least these.
 *
 * @param results - oldest first
 */
export function findResult(
  results: readonly SavedResult[],
  bench: string,
  options: BenchOptions,
): SavedResult | undefined {
  return results.findLast(
    (result) =>
      result.bench === bench &&
      Object.entries(options).every(([name, value]) => result.options[name] === value),
  );
}

/** The goals that have been measured, with what was seen last. */
export function measuredGoals(results: readonly SavedResult[]): readonly Goal[] {
  return TARGETS.flatMap(({ bench, options, field, ...goal }) => {
    const value = findResult(results, bench, options)?.[field];
    return typeof value === 'number' ? [{ ...goal, value }] : [];
  });
}

/** A number of a result, 0 where it has none of that name. */
export function fieldOf(result: SavedResult, field: string): number {
  const value = result[field];
  return typeof value === 'number' ? value : 0;
}
