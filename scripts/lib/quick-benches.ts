import type { BenchOptions } from '../../packages/calin/bench/bench.ts';

/** A run of the regression check: a benchmark, and what it is given beside its defaults. */
export interface QuickBench {
  readonly name: string;
  readonly options: BenchOptions;
}

const IMPORT = { coins: 50_000, blocks: 8 };

/** Small enough that all of them take some minutes, large enough that their ratios tell something. */
export const QUICK_BENCHES: readonly QuickBench[] = [
  { name: 'import', options: IMPORT },
  { name: 'import', options: { ...IMPORT, verified: true } },
  { name: 'sync-curve', options: { coins: 50_000, blocks: 40, transfers: 2000, 'warm-up': 10 } },
  { name: 'ingest', options: { transfers: 40_000 } },
  { name: 'ingest', options: { transfers: 20_000, endpoint: 'json' } },
  { name: 'state', options: { coins: 200_000, 'twin-coins': 10_000 } },
  { name: 'hash', options: {} },
  { name: 'memory', options: { coins: 1_000_000 } },
  { name: 'disk', options: { coins: 50_000, blocks: 8 } },
  { name: 'start', options: { runs: 5 } },
  { name: 'relay', options: { rounds: 3 } },
  { name: 'network-sync', options: { coins: 50_000, blocks: 8 } },
  { name: 'network-relay', options: { blocks: 6 } },
  { name: 'flood', options: { blocks: 10 } },
  { name: 'bft', options: { blocks: 40, 'warm-up': 40 } },
  { name: 'sim', options: { nodes: 200, duration: 600 } },
];
