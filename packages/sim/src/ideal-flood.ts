import { percentile } from './measures.ts';
import type { MachineSight, RunSummary } from './part-summary.ts';

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
export function compareWithIdealFlood(
  { machines, blocks }: Pick<RunSummary, 'machines' | 'blocks'>,
  jitterPercent: number,
): FloodRatio {
  const byName = new Map(machines.map((machine) => [machine.name, machine]));
  const ideals = new Map<string, number>();
  const needed = Math.ceil(0.99 * machines.length) - 1;
  const real: number[] = [];
  const ideal: number[] = [];
  for (const { maker, delaysUs } of blocks) {
    const last = delaysUs[needed - 1];
    if (last === undefined) continue;
    const best = ideals.get(maker) ?? idealUs(maker, byName, needed);
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
function idealUs(from: string, machines: ReadonlyMap<string, MachineSight>, needed: number): number {
  const reached = new Set<string>();
  // Sorted by time, the latest first; links are few enough that a list does.
  const waiting: Waiting[] = [{ name: from, atUs: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const machine = machines.get(next.name);
    // An attacker passes nothing on.
    if (machine === undefined || reached.has(next.name)) continue;
    reached.add(next.name);
    if (reached.size > needed) return next.atUs;
    for (const { name, latencyUs } of machine.peers) insert(waiting, { name, atUs: next.atUs + latencyUs });
  }
  return 0;
}

interface Waiting {
  readonly name: string;
  readonly atUs: number;
}

function insert(waiting: Waiting[], one: Waiting): void {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle] as Waiting).atUs > one.atUs) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, one);
}
