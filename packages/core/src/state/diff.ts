import { compareBytes, equalBytes } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import { bitAt, type Leaf, nodeHash, type Tree, type TreeNode } from './tree.ts';

/** An entry that is not the same in two trees; undefined where it is absent. */
export interface TreeDifference<V> {
  readonly key: Hash;
  readonly before: V | undefined;
  readonly after: V | undefined;
}

/**
 * The entries in which two trees differ, in the order of their keys. Subtrees with the same hash are skipped, so
 * the cost follows the difference, not the size.
 */
export function diffTrees<V>(before: Tree<V>, after: Tree<V>): Generator<TreeDifference<V>, void, undefined> {
  return diffNodes(before.root, after.root, 0);
}

function* diffNodes<V>(
  before: TreeNode<V>,
  after: TreeNode<V>,
  depth: number,
): Generator<TreeDifference<V>, void, undefined> {
  if (before === after || equalBytes(nodeHash(before), nodeHash(after))) return;
  if (before?.kind !== 'branch' && after?.kind !== 'branch') {
    yield* diffLeaves(before, after);
  } else {
    yield* diffNodes(child(before, 0, depth), child(after, 0, depth), depth + 1);
    yield* diffNodes(child(before, 1, depth), child(after, 1, depth), depth + 1);
  }
}

function* diffLeaves<V>(
  before: Leaf<V> | undefined,
  after: Leaf<V> | undefined,
): Generator<TreeDifference<V>, void, undefined> {
  if (before !== undefined && after !== undefined && equalBytes(before.key, after.key)) {
    yield { key: before.key, before: before.value, after: after.value };
    return;
  }
  const addedFirst = before !== undefined && after !== undefined && compareBytes(after.key, before.key) < 0;
  if (addedFirst) yield { key: after.key, before: undefined, after: after.value };
  if (before !== undefined) yield { key: before.key, before: before.value, after: undefined };
  if (after !== undefined && !addedFirst) yield { key: after.key, before: undefined, after: after.value };
}

/** The subtree on one side; a leaf stands on the side of its next bit. */
function child<V>(node: TreeNode<V>, side: 0 | 1, depth: number): TreeNode<V> {
  if (node === undefined) return undefined;
  if (node.kind === 'branch') return side === 0 ? node.left : node.right;
  return bitAt(node.key, depth) === side ? node : undefined;
}
