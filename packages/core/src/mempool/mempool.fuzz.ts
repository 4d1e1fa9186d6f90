import { assert } from '../base/assert.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { RandomPool } from './random-pool.testing.ts';

/** Steps of one pool: enough to fill it, empty it and reorganise it several times. */
const STEPS_PER_POOL = 150;

/**
 * Drives small pools by dice (see RandomPool): no double spend, links and sums right, sizes bounded, and the
 * candidates always a block that the ledger takes whole. An emptied pool keeps nothing.
 */
export const fuzz: FuzzTarget = {
  name: 'mempool',
  run(random: SeededRandom, iterations: number): void {
    for (let done = 0; done < iterations; done += STEPS_PER_POOL) {
      const target = new RandomPool(random);
      const steps = Math.min(STEPS_PER_POOL, iterations - done);
      for (let i = 0; i < steps; i++) target.step();
      target.pool.expire(Number.MAX_SAFE_INTEGER);
      assert(target.pool.stats().indexed === 0, 'an empty pool keeps something');
    }
  },
};
