import type { Cluster } from './cluster.ts';
import type { LinkEnd, SimHost } from './link.ts';
import { percentile } from './measures.ts';

/** How blocks spread, beside how they would if nobody but the links took any time. */
export interface FloodRatio {
  /** Until 99 % of the nodes had a block; the median over blocks, milliseconds. */
  readonly to99PercentMs: number;
  /** The same for a message that every node passes on at once, over the same links and with their mean jitter. */
  readonly idealTo99PercentMs: number;
  /** The first over the second. */
  readonly ratio: number;
}

/** Compares the blocks of a run with a perfect flood over the connections that there are at its end. */
export function compareWithIdealFlood({ world, nodes }: Cluster, jitterPercent: number): FloodRatio {
  const ideals = new Map<string, number>();
  const needed = Math.ceil(0.99 * nodes.length) - 1;
  const real: number[] = [];
  const ideal: number[] = [];
  for (const { maker, delaysUs } of world.measures.blocks) {
    const last = delaysUs[needed - 1];
    const from = nodes.find(({ name }) => name === maker);
    if (last === undefined || from === undefined) continue;
    const best = ideals.get(maker) ?? idealUs(from, needed);
    ideals.set(maker, best);
    real.push(last);
    ideal.push(best * (1 + jitterPercent / 200));
  }
  const to99PercentMs = medianMs(real);
  const idealTo99PercentMs = medianMs(ideal);
  const ratio = Math.round((100 * to99PercentMs) / Math.max(0.001, idealTo99PercentMs)) / 100;
  return { to99PercentMs, idealTo99PercentMs, ratio };
}

function medianMs(timesUs: readonly number[]): number {
  return (
    Math.round(
      percentile(
        timesUs.toSorted((a, b) => a - b),
        50,
      ) / 10,
    ) / 100
  );
}

/** When a message from one machine has reached so many others, by the shortest paths (Dijkstra). */
function idealUs(from: SimHost, needed: number): number {
  const reached = new Set<SimHost>();
  // Sorted by time, the latest first; links are few enough that a list does.
  const waiting: { readonly host: SimHost; readonly atUs: number }[] = [{ host: from, atUs: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next.host)) continue;
    reached.add(next.host);
    if (reached.size > needed) return next.atUs;
    for (const end of next.host.ends.values()) insert(waiting, end, next.atUs);
  }
  return 0;
}

function insert(waiting: { host: SimHost; atUs: number }[], end: LinkEnd, fromUs: number): void {
  const atUs = fromUs + end.latencyUs;
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle] as { atUs: number }).atUs > atUs) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, { host: end.other.owner, atUs });
}
