import { assert } from '@calin/core/base/assert.ts';
import type { Regions } from './regions.ts';

/** How the machines of a run are divided into parts that run beside each other: by region. */
export interface Division {
  readonly count: number;
  /** The part of each region. */
  readonly partOf: readonly number[];
  /**
   * The shortest time in which anything gets from one part to another, row to column; microseconds. So long a part may
   * run ahead of what it has heard from the other: its lookahead, in the words of Chandy and Misra (1979).
   */
  readonly lookaheadUs: readonly (readonly number[])[];
}

/** The largest part may be so much larger than it has to be, for a longer lookahead. */
const LARGER_MAX = 1.1;

/** Ways to divide that are looked at: six regions into six parts are 46,656. */
const WAYS_MAX = 1_000_000;

/**
 * Divides the regions of a run so that the parts have about equally many machines and are far from each other.
 *
 * @param count - parts, from 1 to the number of regions
 */
export function divideRegions(regions: Regions, count: number): Division {
  const { length } = regions.names;
  assert(Number.isInteger(count) && count >= 1 && count <= length, `${count} parts of ${length} regions`);
  assert(count ** length <= WAYS_MAX, 'few enough ways to look at all of them');
  const ways = Array.from({ length: count ** length }, (_, way) => {
    const partOf = regions.names.map((_, region) => Math.floor(way / count ** region) % count);
    return { partOf, largest: largestShare(regions, partOf, count) };
  }).filter(({ partOf }) => new Set(partOf).size === count);
  const smallest = Math.min(...ways.map(({ largest }) => largest));
  let best: Division | undefined;
  let bestScore: readonly [number, number] = [0, 0];
  for (const { partOf, largest } of ways) {
    if (largest > LARGER_MAX * smallest) continue;
    const lookaheadUs = lookaheads(regions, partOf, count);
    const score: typeof bestScore = [Math.min(...lookaheadUs.flat()), -largest];
    const isBetter = score[0] > bestScore[0] || (score[0] === bestScore[0] && score[1] > bestScore[1]);
    if (best !== undefined && !isBetter) continue;
    best = { count, partOf, lookaheadUs };
    bestScore = score;
  }
  assert(best !== undefined, 'a way to divide them');
  return best;
}

function largestShare({ sharePercent }: Regions, partOf: readonly number[], count: number): number {
  const shares = Array.from({ length: count }, () => 0);
  partOf.forEach((part, region) => {
    shares[part] = (shares[part] as number) + (sharePercent[region] as number);
  });
  return Math.max(...shares);
}

/** From part to part; infinite from one to itself. */
function lookaheads({ latencyMs }: Regions, partOf: readonly number[], count: number): readonly number[][] {
  const rows = Array.from({ length: count }, () =>
    Array.from({ length: count }, () => Number.POSITIVE_INFINITY),
  );
  partOf.forEach((from, a) => {
    const row = rows[from] as number[];
    partOf.forEach((to, b) => {
      const us = 1000 * ((latencyMs[a] as number[])[b] as number);
      if (from !== to) row[to] = Math.min(row[to] as number, us);
    });
  });
  return rows;
}
