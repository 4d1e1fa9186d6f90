import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { FewMap } from '../base/few-map.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Header } from '../primitives/header.ts';
import { compareHeads } from './fork-choice.ts';

/** A block as the chain remembers it. */
export interface BlockNode {
  readonly id: Hash;
  readonly header: Header;
  readonly height: number;
  /** Sum of the weights of the branch from genesis up to this block. */
  readonly weight: bigint;
}

/** What finality did to a tree. */
export interface Finalised {
  /** Blocks that are final now, oldest first. */
  readonly nodes: readonly BlockNode[];
  /** Side blocks that competed with them, and are gone. */
  readonly pruned: readonly BlockNode[];
}

/**
 * The blocks from the last final one on: the best branch and the side blocks. Holds no block from before; those are
 * in the store by height. Nodes name their parents by id only, so that nothing holds on to what was pruned.
 */
export class BlockTree {
  /** From the last final block to the head, by height. */
  #best: BlockNode[];
  /** In order of arrival. */
  readonly #sides = new FewMap<string, BlockNode>();
  readonly #bestById = new FewMap<string, BlockNode>();

  /** @param best - from the last final block to the head, without gaps */
  constructor(best: readonly BlockNode[]) {
    assert(best.length > 0, 'a tree has a root');
    this.#best = [];
    for (const node of best) this.#extendBest(node);
  }

  /** The last final block. */
  get root(): BlockNode {
    return this.#best[0] as BlockNode;
  }

  get head(): BlockNode {
    return this.#best[this.#best.length - 1] as BlockNode;
  }

  /** Side blocks, in order of arrival. */
  get sides(): Iterable<BlockNode> {
    return this.#sides.values();
  }

  get sideCount(): number {
    return this.#sides.size;
  }

  find(id: Hash): BlockNode | undefined {
    // Most of what is asked for is the head: it is the parent of the next block.
    const { head } = this;
    if (equalBytes(head.id, id)) return head;
    const name = bytesKey(id);
    return this.#bestById.get(name) ?? this.#sides.get(name);
  }

  /** The block of the best branch at a height from the last final block to the head. */
  bestAt(height: number): BlockNode | undefined {
    return this.#best[height - this.root.height];
  }

  isBest(node: BlockNode): boolean {
    return this.bestAt(node.height) === node;
  }

  /** The block before; undefined for the root. */
  parentOf(node: BlockNode): BlockNode | undefined {
    return node === this.root ? undefined : this.find(node.header.parent);
  }

  /**
   * Adds a side block.
   *
   * @param weight - of this block alone
   * @throws AssertionError when its parent is not in the tree, or it is itself
   */
  add(id: Hash, header: Header, weight: bigint): BlockNode {
    const parent = this.find(header.parent);
    assert(parent !== undefined && header.height === parent.height + 1, 'a block follows one of the tree');
    assert(weight >= 1n && this.find(id) === undefined, 'a block has a weight and is added once');
    const node = { id, header, height: header.height, weight: parent.weight + weight };
    this.#sides.set(bytesKey(id), node);
    return node;
  }

  /** A side block and every block that builds on it, parents first. */
  withDescendants(node: BlockNode): readonly BlockNode[] {
    const found = new Set([bytesKey(node.id)]);
    const nodes = [node];
    const higher = [...this.#sides.values()].filter(({ height }) => height > node.height);
    for (const other of higher.toSorted((a, b) => a.height - b.height)) {
      if (!found.has(bytesKey(other.header.parent))) continue;
      found.add(bytesKey(other.id));
      nodes.push(other);
    }
    return nodes;
  }

  /** True when a block builds on another one, or is that one. */
  descends(node: BlockNode, ancestor: BlockNode): boolean {
    const { fork, branch } = this.branchOf(node);
    return this.isBest(ancestor) ? ancestor.height <= fork.height : branch.includes(ancestor);
  }

  /** The side blocks that build on a block, or are that one, in order of arrival. */
  sidesFrom(ancestor: BlockNode): readonly BlockNode[] {
    const found = new Set<BlockNode>();
    for (const node of [...this.#sides.values()].toSorted((a, b) => a.height - b.height)) {
      const parent = this.find(node.header.parent);
      assert(parent !== undefined, 'every side block descends from the root');
      const isAfter = this.isBest(parent) && this.isBest(ancestor) && parent.height >= ancestor.height;
      if (node === ancestor || isAfter || found.has(parent)) found.add(node);
    }
    return [...this.#sides.values()].filter((node) => found.has(node));
  }

  /** Takes side blocks out. */
  remove(nodes: Iterable<BlockNode>): void {
    for (const node of nodes) assert(this.#sides.delete(bytesKey(node.id)), 'only side blocks are removed');
  }

  /** The blocks from the best branch's fork with `node` to `node`, which both ends of a reorganisation need. */
  branchOf(node: BlockNode): { readonly fork: BlockNode; readonly branch: readonly BlockNode[] } {
    const branch: BlockNode[] = [];
    let fork = node;
    while (!this.isBest(fork)) {
      branch.push(fork);
      const parent = this.parentOf(fork);
      assert(parent !== undefined, 'every side block descends from the root');
      fork = parent;
    }
    return { fork, branch: branch.toReversed() };
  }

  /** Makes `branch`, which starts after `fork`, the end of the best branch; what stood there becomes side blocks. */
  setBest(fork: BlockNode, branch: readonly BlockNode[]): void {
    assert(this.isBest(fork), 'a branch starts on the best one');
    for (const node of this.#best.splice(fork.height - this.root.height + 1)) {
      this.#bestById.delete(bytesKey(node.id));
      this.#sides.set(bytesKey(node.id), node);
    }
    this.remove(branch);
    for (const node of branch) this.#extendBest(node);
  }

  /** Moves the root up to a height of the best branch, and drops the side blocks that do not build on it. */
  finalise(height: number): Finalised {
    assert(height >= this.root.height && height <= this.head.height, 'finality moves up to the head at most');
    if (height === this.root.height) return { nodes: [], pruned: [] };
    const pruned = [...this.#sides.values()].filter((node) => this.branchOf(node).fork.height < height);
    this.remove(pruned);
    const passed = this.#best.splice(0, height - this.root.height);
    for (const node of passed) this.#bestById.delete(bytesKey(node.id));
    return { nodes: [...passed.slice(1), this.root], pruned };
  }

  /** The side block to give up when there are too many: of those nothing builds on, the worst head. */
  worstLeaf(isWanted: (node: BlockNode) => boolean = () => true): BlockNode | undefined {
    const parents = new Set([...this.#sides.values()].map(({ header }) => bytesKey(header.parent)));
    let worst: BlockNode | undefined;
    for (const [name, node] of this.#sides) {
      if (parents.has(name) || !isWanted(node)) continue;
      if (worst === undefined || compareHeads(node, worst, 'smaller-id') > 0) worst = node;
    }
    return worst;
  }

  #extendBest(node: BlockNode): void {
    const parent = this.#best.at(-1);
    assert(parent === undefined || equalBytes(node.header.parent, parent.id), 'the best branch has no gaps');
    this.#best.push(node);
    this.#bestById.set(bytesKey(node.id), node);
  }
}
