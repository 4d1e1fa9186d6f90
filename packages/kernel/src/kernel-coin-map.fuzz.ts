import type { FuzzTarget, SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { type MapEntry, randomEntry } from '@calin/core/state/coin-map.testing.ts';
import { CoinMapTwins, somePositions } from './coin-map-twins.testing.ts';

/** Random changes, with keys that crowd in places, leave the kernel's map and its twin with the same content. */
export const fuzz: FuzzTarget = {
  name: 'kernel/coin-map',
  run(random, iterations) {
    // Each run of twins goes on for some steps, so that a few hundred coins gather.
    for (let done = 0; done < iterations; ) {
      const twins = new CoinMapTwins([1 << random.below(3)]);
      const crowds = Array.from({ length: 3 }, () => randomEntry(random));
      const crowdBits = random.pick([8, 12, 30, 100]);
      for (let step = 0; step < 10 && done < iterations; step++, done++) {
        const removed = somePositions(random, twins.entries.length, random.below(60));
        const added = Array.from({ length: random.below(60) }, () => someEntry(random, crowds, crowdBits));
        twins.update(removed, added);
        for (let parts = random.below(4); parts > 0; parts--) twins.refresh(1 + random.below(40));
        if (random.oneIn(3)) continue;
        twins.compareRoots();
        twins.compareContent(random, 3);
      }
    }
  },
};

function someEntry(random: SeededRandom, crowds: readonly MapEntry[], bits: number): MapEntry {
  return random.oneIn(2) ? randomEntry(random) : randomEntry(random, random.pick(crowds).key, bits);
}
