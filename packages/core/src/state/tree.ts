import { assert } from '../base/assert.ts';
import { compareBytes, equalBytes } from '../base/bytes.ts';
import { type Hash, hashPair, ZERO_HASH } from '../crypto/hash.ts';

/**
 * A compact sparse Merkle tree over 256-bit keys, whose leaves also carry their values. Immutable: an update copies
 * the changed paths and shares the rest, so an old root stays readable for as long as somebody holds it. The root
 * depends on the entries alone, never on the order in which they came. Defined in docs/reference/state.md#tree.
 */
export interface Tree<V> {
  readonly root: TreeNode<V>;
  /** What the leaves commit to. Not kept per leaf: hashing again for a proof is cheaper than 256 bytes per entry. */
  readonly hashValue: (value: V) => Hash;
}

/** A subtree; undefined is the empty one. */
export type TreeNode<V> = Branch<V> | Leaf<V> | undefined;

/** A subtree of exactly one entry, at any depth. */
export interface Leaf<V> {
  readonly kind: 'leaf';
  readonly key: Hash;
  readonly value: V;
  readonly hash: Hash;
}

/** A subtree of two or more entries; one side may be empty. */
export interface Branch<V> {
  readonly kind: 'branch';
  readonly left: TreeNode<V>;
  readonly right: TreeNode<V>;
  readonly hash: Hash;
  /** Entries below. */
  readonly size: number;
}

/** A new value for a key; undefined removes the entry. */
export interface TreeChange<V> {
  /** 32 bytes; the tree keeps it, so it must not be written to afterwards. */
  readonly key: Hash;
  readonly value: V | undefined;
}

/** Bits of a key, and so the greatest depth of a leaf. */
export const TREE_DEPTH_MAX = 256;

/** The tree without entries. */
export function emptyTree<V>(hashValue: (value: V) => Hash): Tree<V> {
  return { root: undefined, hashValue };
}

/** The 32 bytes that stand for all entries; zeros for none. */
export function treeRoot<V>(tree: Tree<V>): Hash {
  return nodeHash(tree.root);
}

/** How many entries there are. */
export function treeSize<V>(tree: Tree<V>): number {
  return nodeSize(tree.root);
}

/** The leaf of a key, if there is one. */
export function getLeaf<V>(tree: Tree<V>, key: Hash): Leaf<V> | undefined {
  let node = tree.root;
  for (let depth = 0; node?.kind === 'branch'; depth++) {
    node = bitAt(key, depth) === 0 ? node.left : node.right;
  }
  return node !== undefined && equalBytes(node.key, key) ? node : undefined;
}

/** All leaves in the order of their keys. */
export function* treeLeaves<V>(tree: Tree<V>): Generator<Leaf<V>, void, undefined> {
  // Holds at most one waiting node per depth.
  const waiting: TreeNode<V>[] = [tree.root];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node?.kind === 'branch') waiting.push(node.right, node.left);
    else if (node !== undefined) yield node;
  }
}

/**
 * The tree after some changes, which may come in any order. Every changed node is hashed once.
 *
 * @param changes - at most one per key
 * @throws AssertionError when a key is not 32 bytes or comes twice
 */
export function updateTree<V>(tree: Tree<V>, changes: readonly TreeChange<V>[]): Tree<V> {
  const edits: Edit<V>[] = changes
    .map(({ key, value }) => ({ key, leaf: value === undefined ? undefined : makeLeaf(tree, key, value) }))
    .toSorted((a, b) => compareBytes(a.key, b.key));
  for (const [i, { key }] of edits.entries()) {
    assert(key.length === 32, `a key has 32 bytes, not ${key.length}`);
    const next = edits[i + 1];
    assert(next === undefined || !equalBytes(key, next.key), 'a key is changed twice in one update');
  }
  const root = update(tree.root, edits, 0, edits.length, 0);
  return root === tree.root ? tree : { root, hashValue: tree.hashValue };
}

/** Bit `depth` of a key: the most significant bit of byte 0 is bit 0. */
export function bitAt(key: Hash, depth: number): number {
  return ((key[depth >>> 3] as number) >>> (7 - (depth & 7))) & 1;
}

/** The hash of a subtree; zeros for the empty one. */
export function nodeHash(node: TreeNode<unknown>): Hash {
  return node === undefined ? ZERO_HASH : node.hash;
}

/** The hash of a leaf. */
export function leafHash(key: Hash, valueHash: Hash): Hash {
  return hashPair('state-leaf', key, valueHash);
}

interface Edit<V> {
  readonly key: Hash;
  readonly leaf: Leaf<V> | undefined;
}

/**
 * The subtree at `depth` after the sorted edits from `from` to `to` − 1, which all belong below it. An empty subtree
 * or a leaf is treated as a branch whose entry has not been pushed down yet; {@link join} pulls it up again. Two
 * different keys part within 256 bits, so the recursion ends there.
 */
function update<V>(
  node: TreeNode<V>,
  edits: readonly Edit<V>[],
  from: number,
  to: number,
  depth: number,
): TreeNode<V> {
  if (from === to) return node;
  const edit = edits[from] as Edit<V>;
  if (to - from === 1 && (node === undefined || (node.kind === 'leaf' && equalBytes(node.key, edit.key)))) {
    return replaceLeaf(node, edit.leaf);
  }
  let [left, right]: [TreeNode<V>, TreeNode<V>] = [undefined, undefined];
  if (node?.kind === 'branch') ({ left, right } = node);
  else if (node !== undefined && bitAt(node.key, depth) === 0) left = node;
  else right = node;
  const middle = firstRight(edits, from, to, depth);
  const newLeft = update(left, edits, from, middle, depth + 1);
  const newRight = update(right, edits, middle, to, depth + 1);
  const same = node?.kind === 'branch' && newLeft === left && newRight === right;
  return same ? node : join(newLeft, newRight);
}

/** The subtree with these halves: a single leaf takes the place of the whole subtree. */
function join<V>(left: TreeNode<V>, right: TreeNode<V>): TreeNode<V> {
  if (left === undefined && right?.kind !== 'branch') return right;
  if (right === undefined && left?.kind !== 'branch') return left;
  const hash = hashPair('state-node', nodeHash(left), nodeHash(right));
  return { kind: 'branch', left, right, hash, size: nodeSize(left) + nodeSize(right) };
}

/** Keeps the old leaf when nothing changes, so that an idle write copies no path. */
function replaceLeaf<V>(old: Leaf<V> | undefined, leaf: Leaf<V> | undefined): Leaf<V> | undefined {
  return old !== undefined && leaf !== undefined && equalBytes(old.hash, leaf.hash) ? old : leaf;
}

/** Index of the first edit whose bit at `depth` is 1, or `to`. */
function firstRight(edits: readonly Edit<unknown>[], from: number, to: number, depth: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bitAt((edits[middle] as Edit<unknown>).key, depth) === 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function makeLeaf<V>(tree: Tree<V>, key: Hash, value: V): Leaf<V> {
  return { kind: 'leaf', key, value, hash: leafHash(key, tree.hashValue(value)) };
}

function nodeSize(node: TreeNode<unknown>): number {
  if (node === undefined) return 0;
  return node.kind === 'leaf' ? 1 : node.size;
}
