import { compareBytes } from '../base/bytes.ts';
import type { BlockNode } from './block-tree.ts';

/** What makes one block a better head than another; also of blocks that are only known by their headers. */
export type HeadClaim = Pick<BlockNode, 'id' | 'weight'>;

/**
 * Orders two blocks by how good a head they are: negative when `a` is the better one. The heavier branch wins; of two
 * equally heavy ones the block with the smaller id, so that every order of arrival ends at the same head.
 *
 * Finality comes before both, and needs no code here: the tree only holds blocks that descend from the last final one.
 */
export function compareHeads(a: HeadClaim, b: HeadClaim): number {
  if (a.weight !== b.weight) return a.weight > b.weight ? -1 : 1;
  return compareBytes(a.id, b.id);
}

/** The best head among the present one and some other blocks. */
export function chooseHead(head: BlockNode, others: Iterable<BlockNode>): BlockNode {
  let best = head;
  for (const node of others) if (compareHeads(node, best) < 0) best = node;
  return best;
}
