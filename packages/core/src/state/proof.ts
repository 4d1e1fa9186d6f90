import { equalBytes, isZero } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { type Hash, hashPair, ZERO_HASH } from '../crypto/hash.ts';
import { refuseState } from './rules.ts';
import { bitAt, leafHash, nodeHash, TREE_DEPTH_MAX, type Tree } from './tree.ts';

/** What one key is in a tree: the hash of its value, or nothing. Each key of a tree has exactly one proof. */
export interface TreeProof {
  /** The other halves on the way from the root down; zeros for an empty one. At most {@link TREE_DEPTH_MAX}. */
  readonly siblings: readonly Hash[];
  readonly end: ProofEnd;
}

/** Where the path of the key ends: in its own leaf, in the only leaf there (another key's), or in nothing. */
export type ProofEnd =
  | { readonly kind: 'leaf'; readonly valueHash: Hash }
  | { readonly kind: 'other-leaf'; readonly key: Hash; readonly valueHash: Hash }
  | { readonly kind: 'empty' };

/** What a proof proves. */
export type Presence = { readonly present: true; readonly valueHash: Hash } | { readonly present: false };

/** Bytes of the longest {@link encodeTreeProof}; at a million entries 800 are usual (docs/reference/state.md). */
export const TREE_PROOF_BYTES_MAX = 3 + TREE_DEPTH_MAX / 8 + TREE_DEPTH_MAX * 32 + 64;

/** The proof that a key is, or is not, in the tree. */
export function proveKey<V>(tree: Tree<V>, key: Hash): TreeProof {
  const siblings: Hash[] = [];
  let node = tree.root;
  while (node?.kind === 'branch') {
    const isLeft = bitAt(key, siblings.length) === 0;
    siblings.push(nodeHash(isLeft ? node.right : node.left));
    node = isLeft ? node.left : node.right;
  }
  if (node === undefined) return { siblings, end: { kind: 'empty' } };
  const valueHash = tree.hashValue(node.value);
  if (equalBytes(node.key, key)) return { siblings, end: { kind: 'leaf', valueHash } };
  return { siblings, end: { kind: 'other-leaf', key: node.key, valueHash } };
}

/**
 * Checks a proof against the root of a tree.
 *
 * @param key - 32 bytes: the key that the caller asked about
 * @returns whether the key is there, or `state/proof-shape`, `state/proof-path` or `state/proof-root`
 */
export function verifyTreeProof(root: Hash, key: Hash, proof: TreeProof): Result<Presence> {
  const folded = foldTreeProof(key, proof);
  if (!folded.ok) return folded;
  return equalBytes(folded.value.root, root) ? ok(folded.value.presence) : refuseState('state/proof-root');
}

/** What a proof says about a key, and the root for which it would be true; the caller compares that root. */
export function foldTreeProof(
  key: Hash,
  proof: TreeProof,
): Result<{ readonly root: Hash; readonly presence: Presence }> {
  const { siblings, end } = proof;
  const shape = checkShape(key, proof);
  if (!shape.ok) return shape;
  if (end.kind === 'other-leaf' && !isOnPath(key, end.key, siblings.length)) {
    return refuseState('state/proof-path', { depth: siblings.length });
  }
  let root = endHash(key, end);
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth] as Hash;
    const isLeft = bitAt(key, depth) === 0;
    root = isLeft ? hashPair('state-node', root, sibling) : hashPair('state-node', sibling, root);
  }
  const presence: Presence =
    end.kind === 'leaf' ? { present: true, valueHash: end.valueHash } : { present: false };
  return ok({ root, presence });
}

/**
 * The canonical bytes: kind of end u8 (0 empty, 1 leaf, 2 other leaf), depth u16, one bit per sibling that is not
 * empty (from the root, least significant bit first, zeros at the end), those siblings, then the end's hashes.
 */
export function encodeTreeProof(proof: TreeProof): Uint8Array {
  const writer = new Writer(1024);
  writeTreeProof(writer, proof);
  return writer.finish();
}

/** Reads exactly one proof. Refuses by `codec/…` whatever {@link encodeTreeProof} would not write. */
export function parseTreeProof(bytes: Uint8Array): Result<TreeProof> {
  const reader = new Reader(bytes);
  return reader.finish(readTreeProof(reader));
}

/** Writes the bytes of {@link encodeTreeProof}. */
export function writeTreeProof(writer: Writer, { siblings, end }: TreeProof): void {
  writer.u8({ empty: 0, leaf: 1, 'other-leaf': 2 }[end.kind]).u16(siblings.length);
  const bitmap = new Uint8Array(Math.ceil(siblings.length / 8));
  const present = siblings.filter((sibling) => !isZero(sibling));
  for (const [i, sibling] of siblings.entries()) {
    if (!isZero(sibling)) bitmap[i >>> 3] = (bitmap[i >>> 3] as number) | (1 << (i & 7));
  }
  writer.bytes(bitmap);
  for (const sibling of present) writer.bytes(sibling);
  if (end.kind === 'other-leaf') writer.bytes(end.key);
  if (end.kind !== 'empty') writer.bytes(end.valueHash);
}

/** Reads the bytes of {@link encodeTreeProof}. */
export function readTreeProof(reader: Reader): TreeProof {
  const kind = reader.u8();
  const depth = reader.u16();
  if (depth > TREE_DEPTH_MAX) reader.fail('codec/limit', { got: depth, expected: TREE_DEPTH_MAX });
  const siblings = reader.failure === undefined ? readSiblings(reader, depth) : [];
  return { siblings, end: readEnd(reader, kind) };
}

function readSiblings(reader: Reader, depth: number): Hash[] {
  const bitmap = reader.take(Math.ceil(depth / 8));
  const isSet = (i: number): boolean => (((bitmap[i >>> 3] as number) >>> (i & 7)) & 1) === 1;
  const siblings: Hash[] = [];
  for (let i = 0; i < depth && reader.failure === undefined; i++) {
    const sibling = isSet(i) ? reader.hash() : ZERO_HASH;
    reader.canonical(!isSet(i) || !isZero(sibling), 'an empty sibling is left out');
    siblings.push(sibling);
  }
  if (reader.failure !== undefined) return siblings;
  for (let i = depth; i < 8 * bitmap.length; i++) reader.canonical(!isSet(i), 'the bitmap ends with zeros');
  reader.canonical(depth === 0 || isSet(depth - 1), 'the last sibling is not empty');
  return siblings;
}

function readEnd(reader: Reader, kind: number): ProofEnd {
  if (kind === 0) return { kind: 'empty' };
  if (kind === 1) return { kind: 'leaf', valueHash: reader.hash() };
  if (kind !== 2) reader.fail('codec/unknown-tag', { field: 'end of a proof', got: kind });
  return { kind: 'other-leaf', key: reader.hash(), valueHash: reader.hash() };
}

/** A proof may come from JSON as well as from {@link parseTreeProof}, so its lengths are not trusted. */
function checkShape(key: Hash, { siblings, end }: TreeProof): Result<undefined> {
  const last = siblings.at(-1);
  const hashes = [key, ...siblings.slice(0, TREE_DEPTH_MAX)];
  if (end.kind !== 'empty') hashes.push(end.valueHash);
  if (end.kind === 'other-leaf') hashes.push(end.key);
  const fits = siblings.length <= TREE_DEPTH_MAX && hashes.every((hash) => hash.length === 32);
  // A leaf next to an empty half would have collapsed, and two empty halves are one empty subtree.
  if (!fits || (last !== undefined && isZero(last))) {
    return refuseState('state/proof-shape', { depth: siblings.length });
  }
  return OK;
}

/** True when `other` is a different key that shares the first `depth` bits. */
function isOnPath(key: Hash, other: Hash, depth: number): boolean {
  for (let i = 0; i < depth; i++) if (bitAt(key, i) !== bitAt(other, i)) return false;
  return !equalBytes(key, other);
}

function endHash(key: Hash, end: ProofEnd): Hash {
  if (end.kind === 'empty') return ZERO_HASH;
  return leafHash(end.kind === 'leaf' ? key : end.key, end.valueHash);
}
