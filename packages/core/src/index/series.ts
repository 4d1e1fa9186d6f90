import { assert } from '../base/assert.ts';
import type { BlockRow } from './tables.ts';

/** A stretch of blocks, and where its buckets end. */
export interface SeriesPlan {
  /** Blocks of a whole bucket. */
  readonly bucketBlocks: number;
  /** The last block of each bucket, ascending; the last one is the end of the stretch. */
  readonly ends: readonly number[];
}

/** The figures of a bucket; see the method chart_getSeries. */
export interface SeriesPoint {
  readonly height: number;
  readonly blocks: number;
  readonly timeMs: number;
  readonly blockTimeMs: number;
  readonly transactions: number;
  readonly fees: number;
  readonly burned: number;
  readonly issued: number;
  readonly supply: number;
  readonly staked: number;
  readonly weight: string;
  readonly bytes: number;
  readonly gasUsed: number;
  readonly baseFee: number;
}

/**
 * Divides the blocks from `from` to `to` into at most `points` buckets of 1, 2 or 5 times a power of ten, which end at
 * multiples of that, so that the points of a chart stay where they are while it grows.
 *
 * @param from - 1 or more
 * @param to - not below `from`
 * @param points - 2 or more: a stretch may lie across one end however large the buckets are
 */
export function planSeries(from: number, to: number, points: number): SeriesPlan {
  assert(from >= 1 && to >= from && points >= 2, 'a stretch of blocks in two points or more');
  const bucketBlocks = bucketFor(from, to, points);
  const ends: number[] = [];
  for (let end = Math.ceil(from / bucketBlocks) * bucketBlocks; end < to; end += bucketBlocks) ends.push(end);
  return { bucketBlocks, ends: [...ends, to] };
}

function bucketFor(from: number, to: number, points: number): number {
  for (let power = 1; ; power *= 10) {
    for (const bucket of [power, 2 * power, 5 * power]) {
      const buckets = Math.ceil(to / bucket) - Math.floor((from - 1) / bucket);
      if (buckets <= points) return bucket;
    }
  }
}

/**
 * The figures of the blocks after one block up to another, by what each says of all blocks up to it.
 *
 * @param before - below `last`
 */
export function seriesPoint(before: BlockRow, last: BlockRow): SeriesPoint {
  const blocks = last.height - before.height;
  assert(blocks > 0, 'a bucket has a block');
  const supply = last.totalIssued - last.totalBurned;
  return {
    height: last.height,
    blocks,
    timeMs: last.timeMs,
    blockTimeMs: Math.round((last.timeMs - before.timeMs) / blocks),
    transactions: last.totalTransactions - before.totalTransactions,
    fees: bounded(last.totalFees - before.totalFees),
    burned: Math.max(0, last.totalBurned - before.totalBurned),
    issued: Math.max(0, last.totalIssued - before.totalIssued),
    supply,
    staked: Math.max(0, supply - last.inCoins),
    weight: ((last.totalWeight - before.totalWeight) / BigInt(blocks)).toString(),
    bytes: last.totalBytes - before.totalBytes,
    gasUsed: bounded(last.totalGas - before.totalGas),
    baseFee: last.baseFee,
  };
}

/** A sum as a number that JSON can hold exactly. */
export function bounded(sum: bigint): number {
  const max = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(sum > max ? max : sum);
}
