import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { Cluster } from '../cluster.ts';
import type { Workload } from '../workload.ts';
import { type Checker, inOrder, type Moment, type Report } from './checker.ts';

/** What a network that is whole again must do. */
export interface LivenessOptions {
  /** From here on nothing is wrong any more; microseconds of the run. */
  readonly healedUs: number;
  /** Blocks that must be made between then and the end. */
  readonly blocksMin: number;
  /** Heads may be so many blocks apart at the end: what is on its way. */
  readonly spreadMax: number;
  /** Blocks on the last final one at the end, at most: what waits for its depth or for votes. Any when left out. */
  readonly openMax?: number;
}

/** What one part of a run sees: the highest head, and at the end those of all nodes. */
interface HeadsSeen {
  readonly highest: number;
  readonly nodes: readonly {
    readonly machine: number;
    readonly name: string;
    /** Undefined of one that is off. */
    readonly height: number | undefined;
    readonly final: number;
  }[];
}

/** After healing every node goes on: it follows the others' head, and the chain grows. */
export class Liveness implements Checker<HeadsSeen> {
  readonly invariant = 'liveness';
  readonly #options: LivenessOptions;
  #hasLooked = false;
  #heightAtHealing: number | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  look(cluster: Cluster, moment: Moment): HeadsSeen | undefined {
    if (moment === 'finish') return { highest: highest(cluster), nodes: heightsOf(cluster) };
    if (cluster.world.clock.nowUs < this.#options.healedUs || this.#hasLooked) return undefined;
    this.#hasLooked = true;
    return { highest: highest(cluster), nodes: [] };
  }

  judge(sights: readonly HeadsSeen[], moment: Moment, report: Report): void {
    const head = sights.reduce((most, sight) => Math.max(most, sight.highest), 0);
    if (moment === 'watch') this.#heightAtHealing ??= head;
    else this.#compare(head, sights, report);
  }

  #compare(head: number, sights: readonly HeadsSeen[], report: Report): void {
    const { blocksMin, spreadMax, openMax = Number.POSITIVE_INFINITY } = this.#options;
    const grown = head - (this.#heightAtHealing ?? 0);
    if (grown < blocksMin) report('The chain stands still.', { grown, expected: blocksMin });
    for (const { name, height, final } of inOrder(sights.map(({ nodes }) => nodes))) {
      if (height === undefined) report('A machine is still off.', { node: name });
      else if (head - height > spreadMax) report('A node is left behind.', { node: name, height, head });
      else if (height - final > openMax)
        report('Blocks do not become final.', { node: name, height, final, expected: height - openMax });
    }
  }
}

function highest({ runningHere }: Cluster): number {
  return runningHere.reduce((most, { node }) => Math.max(most, node?.chain.head.height ?? 0), 0);
}

function heightsOf({ honestHere }: Cluster): HeadsSeen['nodes'] {
  return honestHere.map(({ number, name, node }) => {
    const { head, final } = node?.chain ?? {};
    return { machine: number, name, height: head?.height, final: final?.height ?? 0 };
  });
}

/** What one part of a run knows of transfers, by their ids. */
interface TransfersSeen {
  readonly accepted: readonly string[];
  /** What is in the blocks of the first node that is on, in its part. */
  readonly included: ReadonlySet<string> | undefined;
}

/** What some node took into its pool, and nobody tried to spend twice, is in a block in the end. */
export class Inclusion implements Checker<TransfersSeen> {
  readonly invariant = 'inclusion';
  readonly #workload: Workload;
  readonly #percentMin: number;

  /** @param percentMin - of the transfers: a node that crashes may take its last ones with it */
  constructor(workload: Workload, percentMin: number) {
    this.#workload = workload;
    this.#percentMin = percentMin;
  }

  look(cluster: Cluster, moment: Moment): TransfersSeen | undefined {
    if (moment === 'watch') return undefined;
    // One node is enough: that all have the same blocks is for others to say.
    const chain = cluster.running[0]?.node?.chain;
    const included = chain === undefined ? undefined : txidsOf(chain);
    return { accepted: [...this.#workload.accepted], included };
  }

  judge(sights: readonly TransfersSeen[], _moment: Moment, report: Report): void {
    const included = sights.find((sight) => sight.included !== undefined)?.included;
    if (included === undefined) return;
    const accepted = sights.flatMap((sight) => sight.accepted);
    const missing = accepted.filter((txid) => !included.has(txid)).length;
    if (100 * (accepted.length - missing) >= this.#percentMin * accepted.length) return;
    report('Transfers that were taken never came into a block.', { missing, of: accepted.length });
  }
}

function txidsOf(chain: Chain): ReadonlySet<string> {
  const txids = new Set<string>();
  for (let height = 1; height <= chain.head.height; height++) {
    const id = chain.idAt(height);
    const block = id === undefined ? undefined : chain.block(id);
    if (block?.ok !== true) continue;
    for (const { txid } of block.value.transactions) txids.add(bytesKey(txid));
  }
  return txids;
}
