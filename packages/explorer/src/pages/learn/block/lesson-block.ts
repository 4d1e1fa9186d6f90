import { queryOptions } from '@tanstack/react-query';
import { ask, RefusedCall, rpc } from '../../../node/rpc.ts';

/** The newest header when the lesson was opened: it stays while one works on it. */
export const lessonHeaderQuery = queryOptions({
  queryKey: ['lesson', 'header'],
  queryFn: () => ask('chain_getHeader', {}),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A block with all its transactions: the newest one if it is small enough for one answer, else an early one. */
export const lessonBlockQuery = queryOptions({
  queryKey: ['lesson', 'block'],
  queryFn: readSmallBlock,
  staleTime: Number.POSITIVE_INFINITY,
});

async function readSmallBlock() {
  const selectors = [{ at: 'head' }, { height: 1 }, { height: 0 }] as const;
  for (const selector of selectors) {
    const block = await rpc.call('chain_getBlock', { ...selector, transactions: 'full' });
    if (block.ok) return block.value;
    const isElsewhere =
      block.error.rule === 'rpc/response-too-large' || block.error.rule === 'rpc/block-pruned';
    if (!isElsewhere) throw new RefusedCall(block.error);
  }
  return ask('chain_getBlock', { height: 0, transactions: 'full' });
}
