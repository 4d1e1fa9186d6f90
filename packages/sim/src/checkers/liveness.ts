import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { Cluster } from '../cluster.ts';
import type { Workload } from '../workload.ts';
import type { Checker, Report } from './checker.ts';

/** What a network that is whole again must do. */
export interface LivenessOptions {
  /** From here on nothing is wrong any more; microseconds of the run. */
  readonly healedUs: number;
  /** Blocks that must become final between then and the end. */
  readonly blocksMin: number;
  /** Heads may be so many blocks apart at the end: what is on its way. */
  readonly spreadMax: number;
}

/** After healing every node goes on: it follows the others' head, and the chain grows. */
export class Liveness implements Checker {
  readonly invariant = 'liveness';
  readonly #options: LivenessOptions;
  #heightAtHealing: number | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  watch(cluster: Cluster): void {
    if (cluster.world.clock.nowUs < this.#options.healedUs || this.#heightAtHealing !== undefined) return;
    this.#heightAtHealing = highest(cluster);
  }

  finish(cluster: Cluster, report: Report): void {
    const { blocksMin, spreadMax } = this.#options;
    const head = highest(cluster);
    const grown = head - (this.#heightAtHealing ?? 0);
    if (grown < blocksMin) report('The chain stands still.', { grown, expected: blocksMin });
    for (const node of cluster.honest) {
      const height = node.node?.chain.head.height;
      if (height === undefined) report('A machine is still off.', { node: node.name });
      else if (head - height > spreadMax) report('A node is left behind.', { node: node.name, height, head });
    }
  }
}

function highest(cluster: Cluster): number {
  return cluster.running.reduce((most, { node }) => Math.max(most, node?.chain.head.height ?? 0), 0);
}

/** What some node took into its pool, and nobody tried to spend twice, is in a block in the end. */
export class Inclusion implements Checker {
  readonly invariant = 'inclusion';
  readonly #workload: Workload;
  readonly #percentMin: number;

  /** @param percentMin - of the transfers: a node that crashes may take its last ones with it */
  constructor(workload: Workload, percentMin: number) {
    this.#workload = workload;
    this.#percentMin = percentMin;
  }

  finish(cluster: Cluster, report: Report): void {
    const chain = cluster.running[0]?.node?.chain;
    if (chain === undefined) return;
    const included = txidsOf(chain);
    const { accepted } = this.#workload;
    let missing = 0;
    for (const txid of accepted) if (!included.has(txid)) missing += 1;
    if (100 * (accepted.size - missing) >= this.#percentMin * accepted.size) return;
    report('Transfers that were taken never came into a block.', { missing, of: accepted.size });
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
