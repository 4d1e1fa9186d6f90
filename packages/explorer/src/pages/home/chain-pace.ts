import type { BlockSummary } from '../../node/block-summaries.ts';

/** How fast the chain goes, as some blocks in a row show. */
export interface ChainPace {
  /** Milliseconds between two blocks, on average; undefined with less than two. */
  readonly blockMs: number | undefined;
  /** Transactions in a second, rewards left out. */
  readonly transactionsPerSecond: number | undefined;
  /** Rewards left out. */
  readonly transactions: number;
}

/** Measures the pace of blocks in a row, the highest first. The genesis block has no time before it and is left out. */
export function measurePace(blocks: readonly BlockSummary[]): ChainPace {
  const made = blocks.filter(({ header }) => header.height > 0);
  const [newest, oldest] = [made.at(0), made.at(-1)];
  const transactions = made.reduce((sum, block) => sum + block.transactions - 1, 0);
  if (newest === undefined || oldest === undefined || newest === oldest) {
    return { blockMs: undefined, transactionsPerSecond: undefined, transactions };
  }
  const spanMs = Math.max(1, newest.header.timeMs - oldest.header.timeMs);
  const blockMs = spanMs / (made.length - 1);
  const counted = transactions - (oldest.transactions - 1);
  return { blockMs, transactionsPerSecond: (1000 * counted) / spanMs, transactions };
}
