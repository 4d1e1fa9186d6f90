import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { BlockSummary } from '../../node/block-summaries.ts';
import { genesisQuery, mempoolQuery, statusQuery, summariesQuery } from '../../node/queries.ts';
import type { MempoolJson, NodeStatus } from '../../node/shapes.ts';

/** Blocks on the home page. */
export const BLOCKS_SHOWN = 12;
/** Transactions of the pool that are asked for: enough to fill a block by. */
const WAITING_MAX = 1000;

/** What the home page draws; undefined as long as it is not known. */
export interface ChainNow {
  readonly status: NodeStatus | undefined;
  readonly blocks: readonly BlockSummary[] | undefined;
  readonly pool: MempoolJson | undefined;
  readonly blockGasMax: number;
}

/** The chain as the node has it, read again with each of its news. */
export function useChainNow(): ChainNow {
  const { data: status } = useQuery(statusQuery);
  const height = status?.head.height;
  const { data: blocks } = useQuery({
    ...summariesQuery(height ?? 0, BLOCKS_SHOWN),
    enabled: height !== undefined,
    placeholderData: keepPreviousData,
  });
  const { data: pool } = useQuery(mempoolQuery(WAITING_MAX));
  const { data: genesis } = useQuery(genesisQuery);
  return { status, blocks, pool, blockGasMax: genesis?.limits?.blockGasMax ?? 10_000_000 };
}
