import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Amount } from '../base/amount.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import type { Header } from '../primitives/header.ts';
import { type BlockNode, BlockTree } from './block-tree.ts';
import { chooseHead, compareHeads } from './fork-choice.ts';

const idOf = (name: number) => new Uint8Array(32).fill(name);

function header(height: number, parent: Uint8Array): Header {
  const roots = { txRoot: ZERO_HASH, receiptRoot: ZERO_HASH, stateRoot: ZERO_HASH, producer: ZERO_HASH };
  const numbers = { version: 1, timeMs: 0, gasUsed: 0, baseFee: 0 as Amount };
  return { ...roots, ...numbers, height, parent, seal: new Uint8Array(0) };
}

const root: BlockNode = { id: idOf(0), header: header(0, ZERO_HASH), height: 0, weight: 0n };

/** Adds block `name` after block `parent`. */
function add(tree: BlockTree, name: number, parent: number, weight = 1n): BlockNode {
  const before = tree.find(idOf(parent)) as BlockNode;
  return tree.add(idOf(name), header(before.height + 1, before.id), weight);
}

const names = (nodes: Iterable<BlockNode>) => [...nodes].map(({ id }) => id[0]);

/** 0 ← 1 ← 2 ← 3 (best), 1 ← 4 ← 5, 4 ← 6, 2 ← 7. */
function sample(): BlockTree {
  const tree = new BlockTree([root]);
  const branch = [add(tree, 1, 0), add(tree, 2, 1), add(tree, 3, 2)];
  tree.setBest(root, branch);
  for (const [name, parent] of [
    [4, 1],
    [5, 4],
    [6, 4],
    [7, 2],
  ] as const)
    add(tree, name, parent);
  return tree;
}

describe('the block tree', () => {
  it('knows the best branch and the side blocks', () => {
    const tree = sample();
    assert.equal(tree.root, root);
    assert.deepEqual(names([tree.head]), [3]);
    assert.deepEqual(names(tree.sides), [4, 5, 6, 7]);
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((height) => tree.bestAt(height)?.id[0]),
      [0, 1, 2, 3, undefined],
    );
    assert.equal(tree.find(idOf(9)), undefined);
    assert.equal(tree.parentOf(root), undefined);
    assert.deepEqual(names([tree.parentOf(tree.find(idOf(6)) as BlockNode) as BlockNode]), [4]);
  });

  it('sums weights from the root on', () => {
    const tree = new BlockTree([{ ...root, weight: 40n }]);
    add(tree, 1, 0, 5n);
    assert.equal(add(tree, 2, 1, 7n).weight, 52n);
  });

  it('finds the fork and the branch of a block, and its descendants', () => {
    const tree = sample();
    const { fork, branch } = tree.branchOf(tree.find(idOf(5)) as BlockNode);
    assert.deepEqual([names([fork]), names(branch)], [[1], [4, 5]]);
    assert.deepEqual(tree.branchOf(tree.head).branch, []);
    assert.deepEqual(names(tree.withDescendants(tree.find(idOf(4)) as BlockNode)), [4, 5, 6]);
  });

  it('swaps branches', () => {
    const tree = sample();
    const { fork, branch } = tree.branchOf(tree.find(idOf(6)) as BlockNode);
    tree.setBest(fork, branch);
    assert.deepEqual(names([tree.head]), [6]);
    assert.deepEqual(new Set(names(tree.sides)), new Set([2, 3, 5, 7]));
    assert.deepEqual(names(tree.branchOf(tree.find(idOf(7)) as BlockNode).branch), [2, 7]);
  });

  it('forgets what is before the last final block and what does not build on it', () => {
    const tree = sample();
    const { nodes, pruned } = tree.finalise(2);
    assert.deepEqual(names(nodes), [1, 2]);
    assert.deepEqual(names(pruned), [4, 5, 6]);
    assert.deepEqual(names([tree.root]), [2]);
    assert.deepEqual(names(tree.sides), [7]);
    for (const gone of [0, 1, 4, 5, 6]) assert.equal(tree.find(idOf(gone)), undefined);
    assert.equal(tree.bestAt(1), undefined);
    assert.deepEqual(tree.finalise(2), { nodes: [], pruned: [] });
    assert.throws(() => tree.finalise(1), /finality moves up/);
    assert.throws(() => tree.finalise(4), /finality moves up/);
  });

  it('gives up the worst leaf first', () => {
    const tree = sample();
    const given: (number | undefined)[] = [];
    for (let worst = tree.worstLeaf(); worst !== undefined; worst = tree.worstLeaf()) {
      given.push(worst.id[0]);
      tree.remove([worst]);
    }
    // 5, 6 and 7 are equally heavy, so the largest id goes first; 4 is a leaf only after 5 and 6.
    assert.deepEqual(given, [7, 6, 5, 4]);
  });

  it('stops on what cannot be', () => {
    const tree = sample();
    assert.throws(() => add(tree, 4, 1), /added once/);
    assert.throws(() => tree.add(idOf(9), header(1, idOf(8)), 1n), /follows one/);
    assert.throws(() => tree.add(idOf(9), header(3, idOf(0)), 1n), /follows one/);
    assert.throws(() => tree.add(idOf(9), header(1, idOf(0)), 0n), /has a weight/);
    assert.throws(() => tree.remove([root]), /only side blocks/);
    assert.throws(() => new BlockTree([]), /has a root/);
    assert.throws(() => new BlockTree([root, { ...root, height: 1, header: header(1, idOf(9)) }]), /no gaps/);
  });
});

describe('fork choice', () => {
  const node = (name: number, weight: bigint): BlockNode => ({ ...root, id: idOf(name), weight });

  it('prefers weight over anything, then the smaller id or the one that was first', () => {
    for (const ties of ['smaller-id', 'first-seen'] as const) {
      assert.ok(compareHeads(node(9, 5n), node(1, 4n), ties) < 0);
      assert.ok(compareHeads(node(2, 2n ** 70n), node(1, 2n ** 70n + 1n), ties) > 0);
    }
    assert.ok(compareHeads(node(1, 5n), node(2, 5n), 'smaller-id') < 0);
    assert.equal(compareHeads(node(1, 5n), node(2, 5n), 'first-seen'), 0);
  });

  it('stays with the first of equals where that is the rule', () => {
    const [first, second, third] = [node(7, 4n), node(3, 4n), node(5, 5n)];
    assert.equal(chooseHead(first, [second], 'first-seen'), first);
    assert.equal(chooseHead(first, [second, third], 'first-seen'), third);
    assert.equal(chooseHead(first, [second], 'smaller-id'), second);
  });

  it('chooses the same head whatever the order, with the smaller id', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 50; round++) {
      const nodes = Array.from({ length: 8 }, (_, i) => node(i, BigInt(random.below(3))));
      const expected = nodes.toSorted((a, b) => compareHeads(a, b, 'smaller-id'))[0];
      for (let turn = 0; turn < 8; turn++) {
        const [head, ...others] = [...nodes.slice(turn), ...nodes.slice(0, turn)] as [
          BlockNode,
          ...BlockNode[],
        ];
        assert.equal(chooseHead(head, others, 'smaller-id'), expected);
      }
    }
  });
});
