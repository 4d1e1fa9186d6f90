import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareBytes, toHex } from '../base/bytes.ts';
import { type Hash, hashPair, ZERO_HASH } from '../crypto/hash.ts';
import { naiveRoot } from './naive.testing.ts';
import {
  arbitraryEntries,
  arbitraryKey,
  emptyHashTree,
  hashOf,
  hashTreeOf,
  keyFrom,
} from './state.testing.ts';
import {
  bitAt,
  getLeaf,
  leafHash,
  type TreeChange,
  type TreeNode,
  treeLeaves,
  treeRoot,
  treeSize,
  updateTree,
} from './tree.ts';

const node = (left: Hash, right: Hash) => hashPair('state-node', left, right);
const leafOf = ({ key, value }: { key: Hash; value: Hash }) => leafHash(key, value);

describe('tree: the definition by hand', () => {
  const a = { key: keyFrom(0b0000_0000), value: hashOf(1) };
  const b = { key: keyFrom(0b0010_0000), value: hashOf(2) };
  const c = { key: keyFrom(0b1000_0000), value: hashOf(3) };

  test('nothing is zeros', () => assert.deepEqual(treeRoot(emptyHashTree), ZERO_HASH));

  test('one entry is its leaf', () => {
    assert.deepEqual(treeRoot(hashTreeOf([c])), hashPair('state-leaf', c.key, c.value));
  });

  test('two entries that part at once are one node', () => {
    assert.deepEqual(treeRoot(hashTreeOf([c, a])), node(leafOf(a), leafOf(c)));
  });

  test('two entries that part at bit 2 have empty siblings above', () => {
    const pair = node(leafOf(a), leafOf(b));
    assert.deepEqual(treeRoot(hashTreeOf([b, a])), node(node(pair, ZERO_HASH), ZERO_HASH));
  });

  test('a subtree of one entry is its leaf, at any depth', () => {
    const pair = node(leafOf(a), leafOf(b));
    assert.deepEqual(treeRoot(hashTreeOf([c, b, a])), node(node(pair, ZERO_HASH), leafOf(c)));
  });

  test('bits are read from the top of byte 0', () => {
    assert.equal(bitAt(keyFrom(0x80), 0), 1);
    assert.equal(bitAt(keyFrom(0x01), 7), 1);
    assert.equal(bitAt(keyFrom(0, 0x40), 9), 1);
    assert.equal(bitAt(keyFrom(0xff), 8), 0);
  });

  test('keys that part at the last bit make the deepest tree', () => {
    const low = { key: ZERO_HASH, value: hashOf(1) };
    const high = { key: ZERO_HASH.with(31, 1), value: hashOf(2) };
    let expected = node(leafOf(low), leafOf(high));
    for (let depth = 0; depth < 255; depth++) expected = node(expected, ZERO_HASH);
    const tree = hashTreeOf([low, high]);
    assert.deepEqual(treeRoot(tree), expected);
    const without = updateTree(tree, [{ key: low.key, value: undefined }]);
    assert.deepEqual(treeRoot(without), leafOf(high));
  });
});

const arbitraryBatches = fc.array(
  fc.uniqueArray(
    fc.record({
      key: arbitraryKey,
      value: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined }),
    }),
    { maxLength: 25, selector: ({ key }) => toHex(key) },
  ),
  { maxLength: 6 },
);

describe('tree: properties', () => {
  test('equals the naive definition after any batches of sets and removals', () => {
    fc.assert(
      fc.property(arbitraryBatches, (batches) => {
        const entries = new Map<string, { key: Hash; valueHash: Hash }>();
        let tree = emptyHashTree;
        for (const batch of batches) {
          tree = updateTree(tree, batch);
          for (const { key, value } of batch) {
            if (value === undefined) entries.delete(toHex(key));
            else entries.set(toHex(key), { key, valueHash: value });
          }
          assert.deepEqual(treeRoot(tree), naiveRoot([...entries.values()]));
          assert.equal(treeSize(tree), entries.size);
        }
        for (const { key, valueHash } of entries.values())
          assert.deepEqual(getLeaf(tree, key)?.value, valueHash);
        checkNode(tree.root);
      }),
      { numRuns: 150 },
    );
  });

  test('does not remember its history', () => {
    fc.assert(
      fc.property(arbitraryEntries, arbitraryEntries, fc.infiniteStream(fc.nat(7)), (kept, gone, dice) => {
        const wanted = hashTreeOf(kept);
        const lost = gone.filter(({ key }) => getLeaf(wanted, key) === undefined);
        let tree = hashTreeOf(lost);
        // One at a time, in another order, with the removals in between.
        for (const entry of kept.toReversed()) {
          if (dice.next().value === 0) tree = updateTree(tree, [{ key: entry.key, value: hashOf(0) }]);
          tree = updateTree(tree, [entry]);
        }
        tree = updateTree(
          tree,
          lost.map(({ key }) => ({ key, value: undefined })),
        );
        assert.deepEqual(treeRoot(tree), treeRoot(wanted));
        assert.deepEqual(tree.root, wanted.root);
      }),
      { numRuns: 150 },
    );
  });

  test('gives its leaves in the order of the keys', () => {
    fc.assert(
      fc.property(arbitraryEntries, (entries) => {
        const keys = [...treeLeaves(hashTreeOf(entries))].map(({ key }) => key);
        assert.deepEqual(keys, entries.map(({ key }) => key).toSorted(compareBytes));
      }),
    );
  });

  test('an old tree stays as it was', () => {
    fc.assert(
      fc.property(arbitraryEntries, arbitraryEntries, (before, after) => {
        const old = hashTreeOf(before);
        const root = treeRoot(old).slice();
        updateTree(old, after);
        updateTree(
          old,
          before.map(({ key }) => ({ key, value: undefined })),
        );
        assert.deepEqual(treeRoot(old), root);
        assert.deepEqual(old.root, hashTreeOf(before).root);
      }),
      { numRuns: 60 },
    );
  });
});

describe('tree: sharing and misuse', () => {
  const entries = Array.from({ length: 200 }, (_, n) => ({ key: hashOf(n), value: hashOf(n + 1000) }));
  const tree = hashTreeOf(entries);

  test('writing what is there, and removing what is not, gives the same tree', () => {
    assert.equal(updateTree(tree, entries.slice(0, 50)), tree);
    assert.equal(updateTree(tree, [{ key: hashOf(999), value: undefined }]), tree);
    assert.equal(updateTree(tree, []), tree);
  });

  test('an update copies one path and shares the rest', () => {
    const changed = updateTree(tree, [{ key: hashOf(5), value: hashOf(1) }]);
    const old = new Set(nodesOf(tree.root));
    const fresh = nodesOf(changed.root).filter((each) => !old.has(each));
    let depth = 0;
    for (let at = tree.root; at?.kind === 'branch'; depth++) {
      at = bitAt(hashOf(5), depth) === 0 ? at.left : at.right;
    }
    assert.equal(fresh.length, depth + 1);
  });

  test('a key that comes twice, or has another length, is a bug', () => {
    const twice: TreeChange<Hash>[] = [
      { key: hashOf(1), value: hashOf(1) },
      { key: hashOf(1), value: undefined },
    ];
    assert.throws(() => updateTree(tree, twice), /twice/);
    assert.throws(() => updateTree(tree, [{ key: new Uint8Array(31), value: undefined }]), /32 bytes/);
  });

  test('an unknown key has no leaf', () => assert.equal(getLeaf(tree, hashOf(999)), undefined));
});

function nodesOf(root: TreeNode<Hash>): NonNullable<TreeNode<Hash>>[] {
  if (root === undefined) return [];
  return root.kind === 'leaf' ? [root] : [root, ...nodesOf(root.left), ...nodesOf(root.right)];
}

/** Two or more entries below every branch, and sizes that add up. */
function checkNode(root: TreeNode<Hash>): number {
  if (root?.kind !== 'branch') return root === undefined ? 0 : 1;
  const size = checkNode(root.left) + checkNode(root.right);
  assert.ok(size >= 2);
  assert.equal(root.size, size);
  return size;
}
