import { RefusedCall, rpc } from './rpc.ts';
import type { HeaderJson } from './shapes.ts';

/** What lists of blocks show. */
export interface BlockSummary {
  readonly header: HeaderJson;
  /** Transactions, the reward included. */
  readonly transactions: number;
  /** Ids of the first ones, the reward left out. */
  readonly firstTxids: readonly string[];
}

/** Ids that a summary holds. */
const TXIDS_MAX = 8;

/** Most blocks that one call reads. */
const SUMMARIES_MAX = 50;

/** Summaries by height, as they were read last; the oldest go first. */
const KNOWN_MAX = 512;
const known = new Map<number, BlockSummary>();

/**
 * The blocks of the best branch from a height downwards, the highest first. Those that are known are not read again as
 * long as they are linked to those that are; so a reorganisation shows.
 */
export async function readSummaries(from: number, count: number): Promise<readonly BlockSummary[]> {
  const heights = Array.from({ length: Math.min(count, SUMMARIES_MAX, from + 1) }, (_, i) => from - i);
  let missing = heights.filter((height) => !known.has(height));
  // The highest one is always read: it may have been replaced.
  if (!missing.includes(from)) missing = [from, ...missing];
  await readInto(missing);
  const broken = heights.findIndex((height) => !isLinked(height));
  if (broken !== -1) await readInto(heights);
  return heights.flatMap((height) => known.get(height) ?? []);
}

function isLinked(height: number): boolean {
  const [block, child] = [known.get(height), known.get(height + 1)];
  return block === undefined || child === undefined || child.header.parent === block.header.id;
}

async function readInto(heights: readonly number[]): Promise<void> {
  const calls = heights.map((height) => ({ method: 'chain_getBlock', params: { height } }) as const);
  const answers = await rpc.batch(calls);
  if (!answers.ok) throw new RefusedCall(answers.error);
  for (const answer of answers.value) {
    if (!answer.ok) continue;
    const { header, txids } = answer.value;
    known.delete(header.height);
    const firstTxids = txids.slice(1, 1 + TXIDS_MAX);
    known.set(header.height, { header, transactions: txids.length, firstTxids });
  }
  for (const height of known.keys()) if (known.size > KNOWN_MAX) known.delete(height);
}
