import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { Cluster } from '../cluster.ts';
import type { SimNode } from '../sim-node.ts';
import type { SimStore } from '../store.ts';
import { type Checker, inOrder, type Moment, type Report } from './checker.ts';

/** A node has a block as final at a height: the first of its part of the run that says so. */
interface FinalClaim {
  readonly machine: number;
  readonly node: string;
  readonly height: number;
  /** As hex, or `nothing`. */
  readonly id: string;
}

/** A machine when it was looked at last. */
interface Looked {
  store: SimStore | undefined;
  /** {@link SimStore.written} */
  written: number;
  /** The highest block that it has had as final; -1 for none. */
  final: number;
}

/**
 * Agreement, and finality that is never undone: a block that one node has as final at a height is the block of every
 * node at that height, then and for ever after, restarts included. Each other block is reported once, with the first
 * node that has it.
 */
export class FinalBlocks implements Checker<readonly FinalClaim[]> {
  readonly invariant = 'agreement';
  /** The ids that nodes of this part have claimed at each height; nearly always one. */
  readonly #claimed = new Map<number, (Uint8Array | undefined)[]>();
  /** What was seen of each machine, by its number. */
  readonly #looked: Looked[] = [];
  /** The first claim at each height, of all parts. */
  readonly #final = new Map<number, FinalClaim>();
  readonly #reported = new Set<string>();

  look(cluster: Cluster, moment: Moment): readonly FinalClaim[] | undefined {
    const claims: FinalClaim[] = [];
    for (const node of cluster.runningHere) {
      const { number, store } = node;
      const looked = this.#looked[number] ?? { store: undefined, written: 0, final: -1 };
      this.#looked[number] = looked;
      const { written } = store;
      // Every move of a chain is in a batch: without one nothing is final that was not before.
      if (moment === 'watch' && looked.store === store && looked.written === written) continue;
      looked.store = store;
      looked.written = written;
      const chain = node.node?.chain;
      if (chain === undefined) continue;
      // At the end again from the start: what was final once must still be there.
      const from = moment === 'finish' ? 0 : firstNew(looked, chain.final);
      for (let height = from; height <= chain.final.height; height++)
        this.#claim(node, chain, height, claims);
    }
    return claims.length === 0 ? undefined : claims;
  }

  judge(sights: readonly (readonly FinalClaim[])[], _moment: Moment, report: Report): void {
    for (const claim of inOrder(sights)) {
      const { height, id, node } = claim;
      const known = this.#final.get(height);
      if (known === undefined) this.#final.set(height, claim);
      if (known === undefined || known.id === id || this.#reported.has(`${height} ${id}`)) continue;
      this.#reported.add(`${height} ${id}`);
      const other = { other: known.node, otherId: known.id };
      report('Two nodes have another final block at one height.', { height, node, id, ...other });
    }
  }

  #claim(node: SimNode, chain: Chain, height: number, claims: FinalClaim[]): void {
    const id = chain.idAt(height);
    const claimed = this.#claimed.get(height) ?? [];
    if (claimed.some((one) => sameId(one, id))) return;
    this.#claimed.set(height, [...claimed, id]);
    claims.push({
      machine: node.number,
      node: node.name,
      height,
      id: id === undefined ? 'nothing' : toHex(id),
    });
  }
}

/** The lowest height at which a node has to be looked at. */
function firstNew(looked: Looked, { height }: Chain['final']): number {
  const seen = looked.final;
  looked.final = Math.max(seen, height);
  // A node that lost what was not yet safe comes back lower; what it has must still be the same.
  return Math.max(0, Math.min(seen, height));
}

function sameId(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && equalBytes(a, b));
}
