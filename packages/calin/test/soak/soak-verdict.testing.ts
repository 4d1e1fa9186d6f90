import { CHECKED_TRANSACTIONS_MAX } from '@calin/core/node/limits.ts';
import { KNOWN_TRANSACTIONS_MAX } from '@calin/core/p2p/relay/limits.ts';
import type { ProbeSample } from './probe-sample.testing.ts';

/** A sample with when it was taken, how long the chain was, and how many payments had been sent. */
export interface SoakSample {
  readonly atMs: number;
  readonly height: number;
  readonly payments: number;
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

/** Transactions after which what is remembered of the last ones does not grow any more. */
const REMEMBERED_MAX = Math.max(CHECKED_TRANSACTIONS_MAX, KNOWN_TRANSACTIONS_MAX);

interface Allowance {
  readonly perBlock: number;
  readonly perPayment: number;
  readonly once: number;
}

/**
 * What may be added beyond the tolerance. By block: what a node remembers of every block of its best branch, and of the
 * undo window until that is full. By payment: which were checked and which are known, of the last
 * {@link REMEMBERED_MAX}. At once: noise that does not depend on how large the whole is; for resident memory the write
 * buffer of the store (64 MiB) and its cache (32 MiB), which fill over hours, for files its tables.
 */
const ALLOWANCES: Readonly<Record<Measure, Allowance>> = {
  heap: { perBlock: 4096, perPayment: 256, once: MIB },
  external: { perBlock: 4096, perPayment: 128, once: 2 * MIB },
  rss: { perBlock: 8192, perPayment: 384, once: 96 * MIB },
  files: { perBlock: 0, perPayment: 0, once: 6 },
  handles: { perBlock: 0, perPayment: 0, once: 4 },
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
  const more = (of: (sample: SoakSample) => number, max = Number.POSITIVE_INFINITY) =>
    Math.max(0, Math.min(max, middle(late.map(of))) - Math.min(max, middle(early.map(of))));
  const blocks = more(({ height }) => height);
  const payments = more((sample) => sample.payments, REMEMBERED_MAX);
  return (Object.keys(ALLOWANCES) as Measure[]).map((measure) => {
    const { perBlock, perPayment, once } = ALLOWANCES[measure];
    const of = (quarterOf: readonly SoakSample[]) => middle(quarterOf.map(({ probe }) => probe[measure]));
    const bound = (1 + TOLERANCE) * of(early) + perBlock * blocks + perPayment * payments + once;
    return { measure, early: of(early), late: of(late), bound, isFlat: of(late) <= bound };
  });
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
