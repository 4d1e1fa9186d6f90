import { assert } from '@calin/core/base/assert.ts';
import { COIN_RECORD_WORDS, type CoinMap } from '@calin/core/state/coin-map.ts';
import { cpuMsOf } from '../measure/cpu-time.ts';
import { MapLoad } from './map-load.ts';

/** How fast a map is, by processor time. */
export interface MapRates {
  /** Coins removed or added a second, the root after each batch included. */
  readonly updatesPerSecond: number;
  readonly findsPerSecond: number;
  /** While the map is filled from nothing, with a root after every 50,000 coins. */
  readonly fillsPerSecond: number;
}

/** Choices for {@link measureUpdates}. */
export interface UpdateOptions {
  readonly coins: number;
  /** Transfers whose coins change together: each removes one and adds two. */
  readonly transfers: number;
  readonly rounds: number;
}

/** Fills a map and changes it as blocks of transfers do. The load goes on from there. */
export function measureUpdates(
  map: CoinMap,
  { coins, transfers, rounds }: UpdateOptions,
  progress: (done: number) => void,
): { readonly rates: MapRates; readonly load: MapLoad } {
  const load = new MapLoad(map);
  const fillMs = cpuMsOf(() => load.fill(coins, progress));
  const updateMs = cpuMsOf(() => {
    for (let round = 0; round < rounds; round++) {
      load.change(transfers, 2 * transfers);
      map.root();
    }
  });
  // All of them different ones: what has been looked up before is in the cache of the processor.
  const found = Math.min(map.size, rounds * transfers);
  const keys = load.keys(found);
  const records = new Int32Array(found * COIN_RECORD_WORDS);
  const findMs = cpuMsOf(() => map.find(keys, found, records));
  assert(records[2] !== 0, 'a coin of the map is found');
  return {
    rates: {
      updatesPerSecond: (rounds * transfers * 3 * 1000) / updateMs,
      findsPerSecond: (found * 1000) / findMs,
      fillsPerSecond: (coins * 1000) / fillMs,
    },
    load,
  };
}
