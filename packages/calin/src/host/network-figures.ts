import type { Node } from '@calin/core/node/node.ts';
import type { Libp2pNetwork } from '../adapters/libp2p/libp2p-network.ts';
import type { NetworkFigures } from './node-metrics.ts';

/** What the metrics say of a node's network. */
export function networkFigures(node: Node, network: Libp2pNetwork): NetworkFigures {
  return {
    traffic: network.traffic,
    peers: () => {
      const counts = { inbound: 0, outbound: 0 };
      for (const { direction } of node.p2p?.peers.values() ?? []) counts[direction] += 1;
      return counts;
    },
    bans: () => node.p2p?.connections.bans(node.nowMs).length ?? 0,
  };
}
