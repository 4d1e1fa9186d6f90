import type { SeededRandom } from '../../base/fuzz.testing.ts';

/** How bad a network is, and until when. */
export interface Weather {
  /** From here on every message arrives within {@link CALM_DELAY_MS} (the global stabilisation time). */
  readonly calmAtMs: number;
  /** Before: one message in so many is lost; 0 for none. */
  readonly lostOneIn: number;
  readonly delayMaxMs: number;
  /** Before: the hosts are divided anew this often; 0 for never. */
  readonly partitionMs: number;
}

/** The longest that a message takes once the network is calm. */
const CALM_DELAY_MS = 40;

/** A network of any quality that becomes calm. */
export function drawWeather(random: SeededRandom): Weather {
  return {
    calmAtMs: 2_000 + random.below(15_000),
    lostOneIn: random.pick([0, 2, 4, 10, 40]),
    delayMaxMs: random.pick([5, 60, 500, 3_000]),
    partitionMs: random.pick([0, 0, 1_000, 4_000]),
  };
}

/** When a message arrives; undefined when it is lost. */
export type Carry = (from: number, to: number, nowMs: number) => number | undefined;

/** A network of this weather. */
export function createCarry(weather: Weather, hosts: number, random: SeededRandom): Carry {
  let period = -1;
  let side: number[] = [];
  return (from, to, nowMs) => {
    if (nowMs >= weather.calmAtMs) return nowMs + 1 + random.below(CALM_DELAY_MS);
    if (weather.partitionMs > 0 && Math.floor(nowMs / weather.partitionMs) !== period) {
      period = Math.floor(nowMs / weather.partitionMs);
      side = Array.from({ length: hosts }, () => random.below(random.pick([1, 2, 3])));
    }
    const isCut = (side[from] ?? 0) !== (side[to] ?? 0);
    if (isCut || (weather.lostOneIn > 0 && random.oneIn(weather.lostOneIn))) return undefined;
    return Math.min(
      nowMs + 1 + random.below(weather.delayMaxMs),
      weather.calmAtMs + 1 + random.below(CALM_DELAY_MS),
    );
  };
}
