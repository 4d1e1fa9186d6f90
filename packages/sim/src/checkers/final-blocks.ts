import { toHex } from '@calin/core/base/bytes.ts';
import type { BlockNode } from '@calin/core/chain/block-tree.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { Cluster } from '../cluster.ts';
import type { SimNode } from '../sim-node.ts';
import type { Checker, Report } from './checker.ts';

interface FinalBlock {
  readonly id: string;
  /** Who said so first. */
  readonly node: string;
}

/**
 * Agreement, and finality that is never undone: a block that one node has as final at a height is the block of every
 * node at that height, then and for ever after, restarts included.
 */
export class FinalBlocks implements Checker {
  readonly invariant = 'agreement';
  readonly #final = new Map<number, FinalBlock>();
  /** The highest block that each node has had as final. */
  readonly #seen = new Map<SimNode, number>();
  /** What each node had as final when it was looked at last: mostly it still has. */
  readonly #last = new Map<SimNode, BlockNode>();

  watch(cluster: Cluster, report: Report): void {
    for (const node of cluster.running) {
      const chain = node.node?.chain;
      if (chain === undefined || this.#last.get(node) === chain.final) continue;
      this.#last.set(node, chain.final);
      this.#compare(node, chain, report);
    }
  }

  finish(cluster: Cluster, report: Report): void {
    for (const node of cluster.running) {
      const chain = node.node?.chain;
      if (chain === undefined) continue;
      // Again from the start: what was final once must still be there.
      for (let height = 0; height <= chain.final.height; height++) this.#at(node, chain, height, report);
    }
  }

  /** The id that the network has as final at a height, as hex. */
  idAt(height: number): string | undefined {
    return this.#final.get(height)?.id;
  }

  #compare(node: SimNode, chain: Chain, report: Report): void {
    const seen = this.#seen.get(node) ?? -1;
    const { height } = chain.final;
    // A node that lost what was not yet safe comes back lower; what it has must still be the same.
    for (let at = Math.min(seen, height); at <= height; at++) if (at >= 0) this.#at(node, chain, at, report);
    if (height > seen) this.#seen.set(node, height);
  }

  #at(node: SimNode, chain: Chain, height: number, report: Report): void {
    const found = chain.idAt(height);
    const id = found === undefined ? 'nothing' : toHex(found);
    const known = this.#final.get(height);
    if (known === undefined) this.#final.set(height, { id, node: node.name });
    else if (known.id !== id) {
      report('Two nodes have another final block at one height.', {
        height,
        node: node.name,
        id,
        other: known.node,
        otherId: known.id,
      });
    }
  }
}
