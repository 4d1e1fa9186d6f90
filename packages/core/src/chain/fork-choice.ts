import { compareBytes } from '../base/bytes.ts';
import type { Ties } from '../consensus/engine.ts';
import type { BlockNode } from './block-tree.ts';

/** What makes one block a better head than another; also of blocks that are only known by their headers. */
export type HeadClaim = Pick<BlockNode, 'id' | 'weight'>;

/**
 * Orders two blocks by how good a head they are: negative when `a` is the better one. The heavier branch wins; which of
 * two equally heavy ones does is the consensus' choice: 0 when it is the one that was there first.
 *
 * Finality comes before both, and needs no code here: the tree only holds blocks that descend from the last final one.
 */
export function compareHeads(a: HeadClaim, b: HeadClaim, ties: Ties): number {
  if (a.weight !== b.weight) return a.weight > b.weight ? -1 : 1;
  return ties === 'smaller-id' ? compareBytes(a.id, b.id) : 0;
}

/** The best head among the present one and some other blocks, in the order of their arrival. */
export function chooseHead(head: BlockNode, others: Iterable<BlockNode>, ties: Ties): BlockNode {
  let best = head;
  for (const node of others) if (compareHeads(node, best, ties) < 0) best = node;
  return best;
}
