import { type Hash, hashPair } from '@calin/core/crypto/hash.ts';
import type { MerkleProof } from '@calin/core/crypto/merkle.ts';

/** Every level of a tree, the leaves first, as {@link merkleRoot} of core builds it. */
export function merkleLevels(leaves: readonly Hash[]): readonly (readonly Hash[])[] {
  const levels: (readonly Hash[])[] = [leaves];
  let level = leaves;
  while (level.length > 1) {
    const below = level;
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, i) => {
      const [left, right] = [below[2 * i] as Hash, below[2 * i + 1]];
      return right === undefined ? left : hashPair('merkle-node', left, right);
    });
    levels.push(level);
  }
  return levels;
}

/** One step of a proof: a hash and its sibling become the hash above. */
export interface ProofStep {
  readonly node: Hash;
  readonly sibling: Hash;
  /** Where the sibling stands. */
  readonly side: 'left' | 'right';
  readonly above: Hash;
}

/** The steps from a leaf upwards; at the end stands what has to be the root. */
export function walkProof(leaf: Hash, { index, size, siblings }: MerkleProof): readonly ProofStep[] {
  const steps: ProofStep[] = [];
  let [node, position, width, used] = [leaf, index, size, 0];
  while (width > 1) {
    const sibling = siblings[used];
    // The last one of an odd level goes up as it is.
    if (position !== width - 1 || width % 2 === 0) {
      if (sibling === undefined) return steps;
      const side = position % 2 === 0 ? 'right' : 'left';
      const above =
        side === 'right' ? hashPair('merkle-node', node, sibling) : hashPair('merkle-node', sibling, node);
      steps.push({ node, sibling, side, above });
      node = above;
      used += 1;
    }
    position = Math.floor(position / 2);
    width = Math.ceil(width / 2);
  }
  return steps;
}

/** Which nodes of each level a proof goes through, and which it names as siblings; by their places. */
export function markPath(
  size: number,
  index: number,
): readonly { readonly own: number; readonly sibling: number }[] {
  const path: { own: number; sibling: number }[] = [];
  for (
    let [width, own] = [size, index];
    width >= 1;
    width = Math.ceil(width / 2), own = Math.floor(own / 2)
  ) {
    path.push({ own, sibling: width > 1 && (own ^ 1) < width ? own ^ 1 : -1 });
    if (width === 1) break;
  }
  return path;
}
