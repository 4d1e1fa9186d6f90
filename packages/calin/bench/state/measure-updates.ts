import { assert } from '@calin/core/base/assert.ts';
import { COIN_RECORD_WORDS, type CoinMap } from '@calin/core/state/coin-map.ts';
import { MapLoad } from './map-load.ts';

/** How fast a map is. */
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
  const fillMs = timeOf(() => load.fill(coins, progress));
  let findMs = 0;
  let updateMs = 0;
  for (let round = 0; round < rounds; round++) {
    const keys = load.keys(transfers);
    const records = new Int32Array(transfers * COIN_RECORD_WORDS);
    findMs += timeOf(() => map.find(keys, transfers, records));
    assert(records[2] !== 0, 'a coin of the map is found');
    updateMs += timeOf(() => {
      load.change(transfers, 2 * transfers);
      map.root();
    });
  }
  return {
    rates: {
      updatesPerSecond: (rounds * transfers * 3 * 1000) / updateMs,
      findsPerSecond: (rounds * transfers * 1000) / findMs,
      fillsPerSecond: (coins * 1000) / fillMs,
    },
    load,
  };
}

function timeOf(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}
