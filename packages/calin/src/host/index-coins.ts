import type { SipKey } from '@calin/core/base/half-sip-hash.ts';
import { wordsOf } from '@calin/core/base/words.ts';
import { CoinIndex } from '@calin/core/node/coin-index.ts';
import type { CoinState } from '@calin/core/state/coin-state.ts';
import { systemRandom } from '../adapters/random.ts';

/** A secret for the tables of the index, new at each start. */
export function indexSecret(): SipKey {
  const [low = 0, high = 0] = wordsOf(systemRandom(8));
  return { low, high };
}

/** Makes the index of coins that do not change meanwhile, with a turn of the event loop every few milliseconds. */
export async function indexCoins(
  coins: CoinState,
  progress: (done: number, total: number) => void,
): Promise<CoinIndex> {
  const building = CoinIndex.build(coins, indexSecret());
  let step = building.next();
  for (; step.done !== true; step = building.next()) {
    progress(step.value, coins.size);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return step.value;
}
