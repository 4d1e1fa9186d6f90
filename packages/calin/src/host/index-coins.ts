import { wordsOf } from '@calin/core/base/words.ts';
import { CoinIndex } from '@calin/core/node/coin-index.ts';
import type { CoinState } from '@calin/core/state/coin-state.ts';
import { systemRandom } from '../adapters/random.ts';

/** Makes the index of coins that do not change meanwhile, with a turn of the event loop every few milliseconds. */
export async function indexCoins(
  coins: CoinState,
  progress: (done: number, total: number) => void,
): Promise<CoinIndex> {
  const [low = 0, high = 0] = wordsOf(systemRandom(8));
  const building = CoinIndex.build(coins, { low, high });
  let step = building.next();
  for (; step.done !== true; step = building.next()) {
    progress(step.value, coins.size);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return step.value;
}
