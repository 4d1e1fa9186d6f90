import { unreachable } from '@calin/core/base/assert.ts';
import type { Cluster } from '../cluster.ts';
import type { SimHost } from '../link.ts';
import { NO_FAULTS } from '../link-faults.ts';
import type { SimNode } from '../sim-node.ts';

/** Something that somebody who watches a run does to it. Nodes are named by their index, from 0 on. */
export type OwnDeed =
  /** These nodes are cut off from all others; in place of any partition before. */
  | { readonly kind: 'partition'; readonly nodes: readonly number[] }
  /** The network is whole, links are good and nobody is slow. Machines that are off stay so. */
  | { readonly kind: 'heal' }
  /** The power of these machines is cut. */
  | { readonly kind: 'crash'; readonly nodes: readonly number[] }
  /** These machines are switched on. */
  | { readonly kind: 'restart'; readonly nodes: readonly number[] }
  /** Everything from and to these nodes takes so much longer. */
  | { readonly kind: 'slow'; readonly nodes: readonly number[]; readonly extraMs: number }
  /** All links lose and delay so many messages of a thousand. */
  | { readonly kind: 'links'; readonly lostPermille: number; readonly latePermille: number };

/** The same at its time: milliseconds of the run. It happens after all that happens by itself at that moment. */
export type OwnFault = OwnDeed & { readonly atMs: number };

/** Faults of one run at most. */
export const OWN_FAULTS_MAX = 64;

/** How late a node may be made, in milliseconds: longer than any protocol waits. */
export const EXTRA_MS_MAX = 60_000;

/** Does it now. */
export function applyDeed(cluster: Cluster, deed: OwnDeed): void {
  const { network } = cluster.world;
  switch (deed.kind) {
    case 'partition': {
      const apart = new Set<SimHost>(nodesOf(cluster, deed.nodes));
      network.partition((host) => (apart.has(host) ? 1 : 0));
      return cluster.say('the network is divided', { apart: apart.size, of: cluster.nodes.length });
    }
    case 'heal':
      return heal(cluster);
    case 'crash':
      for (const node of nodesOf(cluster, deed.nodes)) if (node.isUp) node.crash();
      return;
    case 'restart':
      for (const node of nodesOf(cluster, deed.nodes)) {
        if (node.isUp) continue;
        node.say('machine', 'power is back');
        node.start();
      }
      return;
    case 'slow':
      for (const node of nodesOf(cluster, deed.nodes)) {
        network.slow(node, 1000 * deed.extraMs);
        node.say('machine', 'links are slow', { extraMs: deed.extraMs });
      }
      return;
    case 'links':
      network.faults = {
        ...NO_FAULTS,
        lossPpm: 1000 * deed.lostPermille,
        reorderPpm: 1000 * deed.latePermille,
      };
      return cluster.say('links are disturbed', { lossPpm: network.faults.lossPpm });
    default:
      return unreachable(deed);
  }
}

function heal(cluster: Cluster): void {
  const { network } = cluster.world;
  network.partition(undefined);
  network.faults = NO_FAULTS;
  for (const node of cluster.nodes) network.slow(node, 0);
  cluster.say('the network is whole');
}

function nodesOf(cluster: Cluster, indexes: readonly number[]): readonly SimNode[] {
  return indexes.map((i) => cluster.node(i));
}
