import type { ProbeSample } from './probe-sample.testing.ts';

/** A sample with when it was taken and how long the chain was. */
export interface SoakSample {
  readonly atMs: number;
  readonly height: number;
  /** Bytes in the logs of each store: what stands there stands in its memory too. */
  readonly logBytes: Readonly<Record<'chain' | 'index', number>>;
  readonly probe: ProbeSample;
}

/** What is watched of a node. */
export type Measure = 'heap' | 'external' | 'index' | 'anonymous' | 'files' | 'handles';

/** One measure of one node over a run. */
export interface Trend {
  readonly measure: Measure;
  /** What the second and the last quarter of the run held; the first one is for warming up. */
  readonly early: number;
  readonly late: number;
  /** What the last quarter may hold. */
  readonly bound: number;
  readonly isFlat: boolean;
}

/** Growth in a minute, as a share, that is not called growth. Twice as much is found in a run of twenty minutes. */
const TOLERANCE_PER_MINUTE = 0.005;

const MIB = 2 ** 20;

/**
 * What may be added at once, which is noise: buffers that happen to be under way, code that is compiled later, a
 * connection that is being dialled. Nothing is allowed by block or by payment, for a node remembers none without a
 * bound.
 */
const NOISE: Readonly<Record<Measure, number>> = {
  heap: MIB,
  external: MIB,
  index: MIB,
  anonymous: 6 * MIB,
  files: 1,
  handles: 1,
};

/**
 * Which of the samples of a quarter stands for it. Of memory the middle one. Of counts a high one, when all peers are
 * connected: how often one is just away is chance.
 */
const QUANTILE: Readonly<Record<Measure, number>> = {
  heap: 0.5,
  external: 0.5,
  index: 0.5,
  anonymous: 0.5,
  files: 0.9,
  handles: 0.9,
};

/**
 * Memory of a store for each byte in its log: 39.5 MiB by LevelDB's own count for 34.5 MiB of blocks, coins and
 * indexes as a soak writes them, and the allocator's share. Rows of the full index are smaller and take rather more.
 */
const STORE_MEMORY_PER_LOG_BYTE = 1.25;

/** The fewest samples in a quarter that say anything. */
const SAMPLES_MIN = 3;

/**
 * Compares the second quarter of a run with the last one.
 *
 * A store keeps what it has written in memory until that fills its write buffer, and the allocator keeps the memory
 * afterwards; all of it is in the log too. So anonymous memory may grow as the largest log so far has grown, of the
 * chain's store and of that of the full index.
 *
 * @param samples - of one process, oldest first
 * @returns nothing when there are too few samples for a verdict
 */
export function judgeSoak(
  samples: readonly SoakSample[],
  startMs: number,
  endMs: number,
): readonly Trend[] | undefined {
  const quarterMs = (endMs - startMs) / 4;
  const within = (from: number) =>
    samples.filter(
      ({ atMs }) => atMs >= startMs + from * quarterMs && atMs < startMs + (from + 1) * quarterMs,
    );
  const [early, late] = [within(1), within(3)];
  if (early.length < SAMPLES_MIN || late.length < SAMPLES_MIN) return undefined;
  const tolerance = 1 + (TOLERANCE_PER_MINUTE * 2 * quarterMs) / 60_000;
  const logGrowth = (store: 'chain' | 'index') =>
    largestLog(samples, late, store) - largestLog(samples, early, store);
  const storeGrowth = STORE_MEMORY_PER_LOG_BYTE * (logGrowth('chain') + logGrowth('index'));
  return (Object.keys(NOISE) as Measure[]).map((measure) => {
    const of = (quarter: readonly SoakSample[]) =>
      quantile(
        quarter.map(({ probe }) => probe[measure]),
        QUANTILE[measure],
      );
    const known = measure === 'anonymous' ? storeGrowth : 0;
    const bound = tolerance * of(early) + NOISE[measure] + known;
    return { measure, early: of(early), late: of(late), bound, isFlat: of(late) <= bound };
  });
}

/** The most bytes that a store had in its logs up to the middle of a quarter. */
function largestLog(
  samples: readonly SoakSample[],
  quarter: readonly SoakSample[],
  store: 'chain' | 'index',
): number {
  const middle = quarter[Math.floor((quarter.length - 1) / 2)]?.atMs ?? 0;
  return samples.reduce(
    (most, { atMs, logBytes }) => (atMs <= middle ? Math.max(most, logBytes[store]) : most),
    0,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
