import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { type Hash, hashPair, ZERO_HASH } from './hash.ts';

/**
 * The root of a list of leaf hashes: the tree of RFC 6962 (the left part is the largest power of two below the
 * size), so no leaf is ever doubled and the number of leaves cannot be disputed. The empty list has root zero.
 * Leaves must be hashed under a domain of their own before they come here.
 */
export function merkleRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return ZERO_HASH;
  let level = leaves;
  // Pairing neighbours and carrying an odd last one up builds the RFC 6962 tree level by level.
  while (level.length > 1) {
    const next: Hash[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) {
      next.push(hashPair('merkle-node', level[i] as Hash, level[i + 1] as Hash));
    }
    if (level.length % 2 === 1) next.push(level[level.length - 1] as Hash);
    level = next;
  }
  return level[0] as Hash;
}

/** The path of one leaf to the root. */
export interface MerkleProof {
  readonly index: number;
  /** Leaves in the tree. */
  readonly size: number;
  /** Siblings from the leaf upwards; at most 32. */
  readonly siblings: readonly Hash[];
}

/** The path of leaf `index`. */
export function merkleProof(leaves: readonly Hash[], index: number): MerkleProof {
  assert(index >= 0 && index < leaves.length, `no leaf ${index} among ${leaves.length}`);
  const siblings: Hash[] = [];
  let level = leaves;
  let position = index;
  while (level.length > 1) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) siblings.push(sibling);
    const next: Hash[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) {
      next.push(hashPair('merkle-node', level[i] as Hash, level[i + 1] as Hash));
    }
    if (level.length % 2 === 1) next.push(level[level.length - 1] as Hash);
    level = next;
    position >>= 1;
  }
  return { index, size: leaves.length, siblings };
}

/** True when `leaf` stands at the proof's index in the list with this root. */
export function verifyMerkleProof(root: Hash, leaf: Hash, proof: MerkleProof): boolean {
  let { index: position, size } = proof;
  if (
    !Number.isInteger(position) ||
    !Number.isInteger(size) ||
    position < 0 ||
    position >= size ||
    size > 2 ** 32 ||
    leaf.length !== 32
  )
    return false;
  let node = leaf;
  let used = 0;
  while (size > 1) {
    const last = position === size - 1 && size % 2 === 1;
    if (!last) {
      const sibling = proof.siblings[used++];
      if (sibling === undefined || sibling.length !== 32) return false;
      node =
        position % 2 === 0 ? hashPair('merkle-node', node, sibling) : hashPair('merkle-node', sibling, node);
    }
    position = Math.floor(position / 2);
    size = Math.ceil(size / 2);
  }
  return used === proof.siblings.length && equalBytes(node, root);
}
