import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Consensus } from '../consensus/engine.ts';
import type { Hash } from '../crypto/hash.ts';
import type { ReadStore } from '../ports/store.ts';
import type { BlockNode } from './block-tree.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { refuseData } from './rules.ts';

/**
 * The best branch between two heights as nodes, oldest first.
 *
 * @param weight - of the branch up to the last of them
 */
export function readBranch(
  { store, consensus }: { readonly store: ReadStore; readonly consensus: Consensus },
  from: number,
  to: number,
  weight: bigint,
): Result<readonly BlockNode[]> {
  const nodes: BlockNode[] = [];
  let left = weight;
  let expected: Hash | undefined;
  for (let height = to; height >= from; height--) {
    const id = readIdAt(store, height);
    if (id === undefined) return refuseData('data/missing-block', { height });
    const header = readHeaderOf(store, id);
    if (!header.ok) return header;
    const follows = expected === undefined || equalBytes(expected, id);
    if (!follows || header.value.height !== height || left < 0n) {
      return refuseData('data/corrupt-record', { height, id: toHex(id), record: 'height index' });
    }
    nodes.push({ id, header: header.value, height, weight: left });
    if (height > 0) left -= consensus.production.weight(header.value);
    expected = header.value.parent;
  }
  return ok(nodes.toReversed());
}
