import { COIN_ENTRY_WORDS } from '@calin/core/state/coin-map.ts';
import { createKernelCoinMap } from '@calin/kernel/kernel-coin-map.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';
import { MapLoad } from './state/map-load.ts';

/** What a coin is: its key and its record. */
const ENTRY_BYTES = COIN_ENTRY_WORDS * 4;
/** Transfers in a block, of those that follow the filling. */
const TRANSFERS = 5000;

/** Memory for each coin, with the tree over them. */
export const bench: Bench = {
  name: 'memory',
  summary: 'Memory that a coin takes in the state: its key, its record, the index and the tree.',
  options: {
    coins: { summary: 'Coins', default: 10_000_000 },
    blocks: { summary: 'Blocks of 5,000 transfers after that, which leave gaps and fill them', default: 20 },
  },
  run,
};

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const coins = Number(options['coins']);
  const blocks = Number(options['blocks']);
  const rssBefore = process.memoryUsage.rss();
  const map = createKernelCoinMap();
  const load = new MapLoad(map);
  load.fill(coins, (done) => progress(done, coins, 'filling the map'));
  const transfers = Math.min(TRANSFERS, coins);
  for (let block = 0; block < blocks; block++) {
    load.change(transfers, transfers);
    map.root();
  }
  const rssBytes = process.memoryUsage.rss() - rssBefore;
  return {
    bench: 'memory',
    ratio: round((ENTRY_BYTES * map.size) / rssBytes, 3),
    rssBytesPerCoin: round(rssBytes / map.size, 1),
    mapBytesPerCoin: round(map.memoryBytes / map.size, 1),
    entryBytes: ENTRY_BYTES,
    coins,
    blocks,
    ...machine(),
  };
}
