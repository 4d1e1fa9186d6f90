import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AssertionError } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import { type Hash, hash, hashPair, ZERO_HASH } from './hash.ts';
import { type MerkleProof, merkleProof, merkleRoot, verifyMerkleProof } from './merkle.ts';

const SIZE_MAX = 70;
const LEAVES = Array.from({ length: SIZE_MAX }, (_, i) => hash('tx-leaf', Uint8Array.of(i)));

/** RFC 6962, section 2.1, word for word: the left part is the largest power of two smaller than the size. */
function naiveRoot(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return ZERO_HASH;
  if (leaves.length === 1) return leaves[0] as Hash;
  const split = splitOf(leaves.length);
  return hashPair('merkle-node', naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

/** RFC 6962, section 2.1.1: the audit path of leaf `index`, from the leaf upwards. */
function naivePath(leaves: readonly Hash[], index: number): Hash[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...naivePath(left, index), naiveRoot(right)]
    : [...naivePath(right, index - split), naiveRoot(left)];
}

function splitOf(size: number): number {
  let split = 1;
  while (2 * split < size) split *= 2;
  return split;
}

describe('RFC 6962', () => {
  it('gives the root of every size up to 70', () => {
    for (let size = 0; size <= SIZE_MAX; size++) {
      const leaves = LEAVES.slice(0, size);
      assert.equal(toHex(merkleRoot(leaves)), toHex(naiveRoot(leaves)), `size ${size}`);
    }
  });

  it('gives the audit path of every leaf of every size up to 70, and it verifies', () => {
    for (let size = 1; size <= SIZE_MAX; size++) {
      const leaves = LEAVES.slice(0, size);
      const root = merkleRoot(leaves);
      for (let index = 0; index < size; index++) {
        const proof = merkleProof(leaves, index);
        assert.deepEqual(proof, { index, size, siblings: naivePath(leaves, index) });
        assert.ok(verifyMerkleProof(root, leaves[index] as Hash, proof), `${index} of ${size}`);
      }
    }
  });

  it('tells lists apart that end in the same leaf twice', () => {
    const [a, b, c] = LEAVES as [Hash, Hash, Hash];
    assert.ok(!equalBytes(merkleRoot([a, b, c]), merkleRoot([a, b, c, c])));
    assert.ok(!equalBytes(merkleRoot([a]), merkleRoot([a, a])));
  });

  it('depends on order, size and every leaf', () => {
    const roots = new Set<string>();
    for (let size = 0; size <= SIZE_MAX; size++) roots.add(toHex(merkleRoot(LEAVES.slice(0, size))));
    for (let index = 0; index < SIZE_MAX; index++) {
      roots.add(toHex(merkleRoot(LEAVES.with(index, hash('tx-leaf', Uint8Array.of(255))))));
    }
    roots.add(toHex(merkleRoot(LEAVES.toReversed())));
    assert.equal(roots.size, 2 * SIZE_MAX + 2);
  });
});

describe('a proof', () => {
  const place = fc
    .integer({ min: 1, max: SIZE_MAX })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat({ max: size - 1 }) }));

  it('is refused for any other leaf, root and sibling', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ size, index }, at, change) => {
        const leaves = LEAVES.slice(0, size);
        const root = merkleRoot(leaves);
        const leaf = leaves[index] as Hash;
        const proof = merkleProof(leaves, index);
        assert.ok(!verifyMerkleProof(root, flip(leaf, at, change), proof));
        assert.ok(!verifyMerkleProof(flip(root, at, change), leaf, proof));
        for (const [i, sibling] of proof.siblings.entries()) {
          const siblings = proof.siblings.with(i, flip(sibling, at, change));
          assert.ok(!verifyMerkleProof(root, leaf, { ...proof, siblings }));
        }
      }),
    );
  });

  it('is refused with a sibling more, less or in another place', () => {
    fc.assert(
      fc.property(place, fc.nat(), ({ size, index }, at) => {
        const leaves = LEAVES.slice(0, size);
        const root = merkleRoot(leaves);
        const leaf = leaves[index] as Hash;
        const proof = merkleProof(leaves, index);
        const i = at % (proof.siblings.length + 1);
        const refused = (siblings: readonly Hash[]) =>
          assert.ok(!verifyMerkleProof(root, leaf, { ...proof, siblings }));
        refused(proof.siblings.toSpliced(i, 0, ZERO_HASH));
        refused([...proof.siblings, root]);
        if (proof.siblings.length > 0) refused(proof.siblings.toSpliced(i % proof.siblings.length, 1));
        if (proof.siblings.length > 1) refused(proof.siblings.toReversed());
      }),
    );
  });

  it('is refused at every other index of the same tree', () => {
    fc.assert(
      fc.property(place, ({ size, index }) => {
        const leaves = LEAVES.slice(0, size);
        const root = merkleRoot(leaves);
        const proof = merkleProof(leaves, index);
        for (let other = 0; other < size; other++) {
          if (other === index) continue;
          assert.ok(!verifyMerkleProof(root, leaves[index] as Hash, { ...proof, index: other }));
        }
      }),
    );
  });

  it('is refused with an index or a size that makes no sense', () => {
    const root = merkleRoot(LEAVES.slice(0, 3));
    const leaf = LEAVES[0] as Hash;
    const good = merkleProof(LEAVES.slice(0, 3), 0);
    const wrong: Partial<MerkleProof>[] = [
      { index: -1 },
      { index: 3 },
      { index: 0.5 },
      { index: Number.NaN },
      { size: 0 },
      { size: 2.5 },
      { size: Number.NaN },
      { size: Number.POSITIVE_INFINITY },
      { size: 2 ** 32 + 1 },
      { size: 2 ** 53 },
    ];
    for (const change of wrong) {
      assert.ok(!verifyMerkleProof(root, leaf, { ...good, ...change }), JSON.stringify(change));
    }
  });

  it('is refused for a leaf or a sibling that is not 32 bytes, even where the rest fits', () => {
    const root = merkleRoot([new Uint8Array(32), new Uint8Array(32)]);
    const proof = merkleProof([new Uint8Array(32), new Uint8Array(32)], 0);
    assert.ok(verifyMerkleProof(root, new Uint8Array(32), proof));
    assert.ok(!verifyMerkleProof(root, new Uint8Array(31), proof));
    assert.ok(!verifyMerkleProof(root, new Uint8Array(0), proof));
    assert.ok(!verifyMerkleProof(root, new Uint8Array(32), { ...proof, siblings: [new Uint8Array(31)] }));
    assert.ok(!verifyMerkleProof(new Uint8Array(0), new Uint8Array(0), { index: 0, size: 1, siblings: [] }));
  });

  it('cannot be asked for a leaf that is not there', () => {
    assert.throws(() => merkleProof([], 0), AssertionError);
    assert.throws(() => merkleProof(LEAVES, SIZE_MAX), AssertionError);
    assert.throws(() => merkleProof(LEAVES, -1), AssertionError);
  });
});

function flip(bytes: Uint8Array, at: number, change: number): Uint8Array {
  const i = at % bytes.length;
  return bytes.with(i, (bytes[i] as number) ^ change);
}
