import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, equalBytes, isZero, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import {
  encodeTreeProof,
  parseTreeProof,
  proveKey,
  TREE_PROOF_BYTES_MAX,
  type TreeProof,
  verifyTreeProof,
} from './proof.ts';
import {
  arbitraryEntries,
  arbitraryKey,
  emptyHashTree,
  hashOf,
  hashTreeOf,
  keyFrom,
} from './state.testing.ts';
import { getLeaf, treeRoot } from './tree.ts';

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'accepted' : result.error.rule;
}

const entries = Array.from({ length: 300 }, (_, n) => ({ key: hashOf(n), value: hashOf(n + 1000) }));
const tree = hashTreeOf(entries);
const root = treeRoot(tree);

describe('tree proof', () => {
  test('of any key in any tree tells the truth, and survives its encoding', () => {
    fc.assert(
      fc.property(arbitraryEntries, arbitraryKey, fc.nat(), (list, stranger, pick) => {
        const any = hashTreeOf(list);
        for (const key of [stranger, list[pick % Math.max(1, list.length)]?.key ?? stranger]) {
          const proof = proveKey(any, key);
          const parsed = parseTreeProof(encodeTreeProof(proof));
          assert.deepEqual(parsed, { ok: true, value: proof });
          const leaf = getLeaf(any, key);
          const value = leaf === undefined ? { present: false } : { present: true, valueHash: leaf.value };
          assert.deepEqual(verifyTreeProof(treeRoot(any), key, proof), { ok: true, value });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of an empty tree is three bytes', () => {
    const proof = proveKey(emptyHashTree, hashOf(1));
    assert.equal(toHex(encodeTreeProof(proof)), '000000');
    assert.deepEqual(verifyTreeProof(ZERO_HASH, hashOf(1), proof), { ok: true, value: { present: false } });
  });

  test('at the greatest depth is one bitmap and one hash', () => {
    const low = { key: ZERO_HASH, value: hashOf(1) };
    const deep = hashTreeOf([low, { key: ZERO_HASH.with(31, 1), value: hashOf(2) }]);
    const proof = proveKey(deep, low.key);
    assert.equal(proof.siblings.length, 256);
    assert.equal(encodeTreeProof(proof).length, 3 + 32 + 32 + 32);
    assert.deepEqual(ruleOf(verifyTreeProof(treeRoot(deep), low.key, proof)), 'accepted');
    const full = { siblings: Array.from({ length: 256 }, () => hashOf(1)), end: proof.end };
    assert.ok(encodeTreeProof(full).length <= TREE_PROOF_BYTES_MAX);
  });
});

describe('tree proof: lies are refused', () => {
  const present = hashOf(17);
  const absent = hashOf(5000);

  test('a proof for another key, value or root', () => {
    const proof = proveKey(tree, present);
    assert.equal(ruleOf(verifyTreeProof(root, present, proof)), 'accepted');
    assert.equal(ruleOf(verifyTreeProof(hashOf(1), present, proof)), 'state/proof-root');
    assert.equal(ruleOf(verifyTreeProof(root, hashOf(18), proof)), 'state/proof-root');
    const lie: TreeProof = { ...proof, end: { kind: 'leaf', valueHash: hashOf(1) } };
    assert.equal(ruleOf(verifyTreeProof(root, present, lie)), 'state/proof-root');
  });

  test('that a present key is absent', () => {
    const { siblings } = proveKey(tree, present);
    const valueHash = hashOf(1017);
    // Its own leaf as "another key's", a leaf from elsewhere, and nothing at all.
    const ownLeaf: TreeProof = { siblings, end: { kind: 'other-leaf', key: present, valueHash } };
    assert.equal(ruleOf(verifyTreeProof(root, present, ownLeaf)), 'state/proof-path');
    const elsewhere = present.with(0, 0xff - (present[0] as number));
    const farLeaf: TreeProof = { siblings, end: { kind: 'other-leaf', key: elsewhere, valueHash } };
    assert.equal(ruleOf(verifyTreeProof(root, present, farLeaf)), 'state/proof-path');
    const empty: TreeProof = { siblings, end: { kind: 'empty' } };
    assert.equal(ruleOf(verifyTreeProof(root, present, empty)), 'state/proof-root');
  });

  test('a leaf that truly is in the tree, but not on the path', () => {
    const other = proveKey(tree, hashOf(18));
    const end = { kind: 'other-leaf' as const, key: hashOf(18), valueHash: hashOf(1018) };
    assert.notEqual(ruleOf(verifyTreeProof(root, present, { siblings: other.siblings, end })), 'accepted');
  });

  test('an inner node sold as a leaf or as a root', () => {
    const proof = proveKey(tree, absent);
    for (let cut = 1; cut <= proof.siblings.length; cut++) {
      const short = { ...proof, siblings: proof.siblings.slice(cut) };
      assert.notEqual(ruleOf(verifyTreeProof(root, absent, short)), 'accepted');
      const shallow = { ...proof, siblings: proof.siblings.slice(0, -cut) };
      assert.notEqual(ruleOf(verifyTreeProof(root, absent, shallow)), 'accepted');
    }
  });

  test('shapes that no tree gives', () => {
    const proof = proveKey(tree, present);
    const shapes: TreeProof[] = [
      { ...proof, siblings: [...proof.siblings, ZERO_HASH] },
      { ...proof, siblings: [...proof.siblings.slice(1), new Uint8Array(31)] },
      { ...proof, siblings: Array.from({ length: 257 }, () => hashOf(1)) },
      { ...proof, end: { kind: 'leaf', valueHash: new Uint8Array(33) } },
      { ...proof, end: { kind: 'other-leaf', key: new Uint8Array(0), valueHash: hashOf(1) } },
    ];
    for (const shape of shapes)
      assert.equal(ruleOf(verifyTreeProof(root, present, shape)), 'state/proof-shape');
    assert.equal(ruleOf(verifyTreeProof(root, new Uint8Array(31), proof)), 'state/proof-shape');
  });

  test('any change of any byte of the encoding', () => {
    for (const key of [present, absent]) {
      const truth = verifyTreeProof(root, key, proveKey(tree, key));
      const bytes = encodeTreeProof(proveKey(tree, key));
      for (let at = 0; at < bytes.length; at++) {
        for (const mask of [0x01, 0x80, 0xff]) {
          const mutated = parseTreeProof(bytes.with(at, (bytes[at] as number) ^ mask));
          const result = mutated.ok ? verifyTreeProof(root, key, mutated.value) : mutated;
          assert.equal(result.ok, false, `byte ${at} of ${toHex(key)} ^ ${mask}: ${JSON.stringify(truth)}`);
        }
      }
    }
  });
});

describe('tree proof: one encoding', () => {
  const proof = proveKey(tree, hashOf(17));
  const bytes = encodeTreeProof(proof);
  const depth = proof.siblings.length;

  test('truncated and longer bytes', () => {
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(parseTreeProof(bytes.subarray(0, length)).ok, false);
    }
    assert.equal(ruleOf(parseTreeProof(concatBytes(bytes, Uint8Array.of(0)))), 'codec/trailing-bytes');
  });

  test('an unknown end, a depth above 256', () => {
    assert.equal(ruleOf(parseTreeProof(bytes.with(0, 3))), 'codec/unknown-tag');
    assert.equal(ruleOf(parseTreeProof(bytes.with(2, 2))), 'codec/limit');
  });

  test('bits after the last sibling, an empty last sibling, an empty sibling that is sent', () => {
    const bitmapEnd = 2 + Math.ceil(depth / 8);
    assert.ok(depth % 8 !== 0, 'the example leaves room in its bitmap');
    const spare = bytes.with(bitmapEnd, (bytes[bitmapEnd] as number) | 0x80);
    assert.equal(ruleOf(parseTreeProof(spare)), 'codec/not-canonical');
    const emptyLast = encodeTreeProof({ ...proof, siblings: [...proof.siblings, ZERO_HASH] });
    assert.equal(ruleOf(parseTreeProof(emptyLast)), 'codec/not-canonical');
    const sentEmpty = bytes.slice();
    sentEmpty.fill(0, bitmapEnd + 1, bitmapEnd + 33);
    assert.equal(ruleOf(parseTreeProof(sentEmpty)), 'codec/not-canonical');
  });
});

/** 3 bytes, one bit per level, 32 bytes per sibling that is not empty, and the end. */
function proofBytes({ siblings, end }: TreeProof): number {
  const sent = siblings.filter((sibling) => !isZero(sibling)).length;
  return 3 + Math.ceil(siblings.length / 8) + 32 * sent + { empty: 0, leaf: 32, 'other-leaf': 64 }[end.kind];
}

describe('tree proof: size', () => {
  test('follows the formula, near log2 of the entries', () => {
    const count = 20_000;
    const big = hashTreeOf(Array.from({ length: count }, (_, n) => ({ key: hashOf(n), value: hashOf(n) })));
    let total = 0;
    for (let n = 0; n < count; n += 10) {
      const proof = proveKey(big, hashOf(n));
      const bytes = encodeTreeProof(proof).length;
      assert.equal(bytes, proofBytes(proof));
      assert.ok(bytes < 3 + 5 + 32 * 24 + 32);
      total += bytes;
    }
    // log2(20,000) + 0.33 siblings, a bitmap of 2 to 3 bytes, the head and the value hash.
    const expected = 3 + 2.4 + 32 * (Math.log2(count) + 0.33) + 32;
    assert.ok(Math.abs(total / 2000 - expected) < 16, `mean ${total / 2000}, expected ${expected}`);
  });

  test('is below 1 KiB for every one of a million random keys', () => {
    // A level counts when another of the keys falls into its other half. Taken as independent (they are negatively
    // associated, so this overstates the tail), the number of siblings is a sum of coin flips.
    const count = 1_000_000;
    let chances = [1];
    for (let depth = 1; depth <= 256; depth++) {
      const full = -Math.expm1((count - 1) * Math.log1p(-(2 ** -depth)));
      const next = new Array<number>(chances.length + 1).fill(0);
      for (const [siblings, chance] of chances.entries()) {
        next[siblings] = (next[siblings] as number) + chance * (1 - full);
        next[siblings + 1] = (next[siblings + 1] as number) + chance * full;
      }
      chances = next;
    }
    // The longest whole proof against a header: map and other root 33, head 3, a bitmap of 8, another leaf 64.
    const siblingsMax = Math.floor((1023 - 33 - 3 - 8 - 64) / 32);
    const tooLong = chances.slice(siblingsMax + 1).reduce((sum, chance) => sum + chance, 0);
    assert.equal(siblingsMax, 28);
    assert.ok(tooLong * count < 1e-3, `${tooLong * count} of a million are expected to be longer`);
  });
});

test('keys that agree in their first bits lengthen the bitmap, not the proof', () => {
  const crafted = hashTreeOf(
    [keyFrom(0), keyFrom(0, 0, 0, 1), keyFrom(128)].map((key) => ({ key, value: key })),
  );
  const proof = proveKey(crafted, keyFrom(0));
  assert.equal(proof.siblings.length, 32);
  assert.equal(proof.siblings.filter((sibling) => !equalBytes(sibling, ZERO_HASH)).length, 2);
});
