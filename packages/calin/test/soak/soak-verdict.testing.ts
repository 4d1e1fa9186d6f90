import type { ProbeSample } from './probe-sample.testing.ts';

/** A sample with when it was taken and how long the chain was. */
export interface SoakSample {
  readonly atMs: number;
  readonly height: number;
  readonly probe: ProbeSample;
}

/** What is watched of a node. */
export type Measure = 'heap' | 'external' | 'rss' | 'files' | 'handles';

/** One measure of one node over a run. */
export interface Trend {
  readonly measure: Measure;
  /** Medians of the second and of the last quarter of the run; the first one is for warming up. */
  readonly early: number;
  readonly late: number;
  /** What the last quarter may hold. */
  readonly bound: number;
  readonly isFlat: boolean;
}

/** Growth that is not called growth. */
const TOLERANCE = 0.1;

const MIB = 2 ** 20;

/**
 * What may be added beyond the tolerance. By block: what a node remembers of every block of its best branch, and of the
 * undo window until that is full. At once: noise that does not depend on how large the whole is; for resident memory
 * what the allocator keeps for later, for files the tables of the store.
 */
const ALLOWANCES: Readonly<Record<Measure, { readonly perBlock: number; readonly once: number }>> = {
  heap: { perBlock: 4096, once: MIB },
  external: { perBlock: 4096, once: 2 * MIB },
  rss: { perBlock: 8192, once: 24 * MIB },
  files: { perBlock: 0, once: 6 },
  handles: { perBlock: 0, once: 4 },
};

/** The fewest samples in a quarter that say anything. */
const SAMPLES_MIN = 3;

/**
 * Compares the second quarter of a run with the last one.
 *
 * @param samples - of one process, oldest first
 * @returns nothing when there are too few samples for a verdict
 */
export function judgeSoak(
  samples: readonly SoakSample[],
  startMs: number,
  endMs: number,
): readonly Trend[] | undefined {
  const quarter = (endMs - startMs) / 4;
  const within = (from: number) =>
    samples.filter(({ atMs }) => atMs >= startMs + from * quarter && atMs < startMs + (from + 1) * quarter);
  const [early, late] = [within(1), within(3)];
  if (early.length < SAMPLES_MIN || late.length < SAMPLES_MIN) return undefined;
  const blocks = middle(late.map(({ height }) => height)) - middle(early.map(({ height }) => height));
  return (Object.keys(ALLOWANCES) as Measure[]).map((measure) => {
    const { perBlock, once } = ALLOWANCES[measure];
    const of = (quarterOf: readonly SoakSample[]) => middle(quarterOf.map(({ probe }) => probe[measure]));
    const bound = (1 + TOLERANCE) * of(early) + perBlock * Math.max(0, blocks) + once;
    return { measure, early: of(early), late: of(late), bound, isFlat: of(late) <= bound };
  });
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
