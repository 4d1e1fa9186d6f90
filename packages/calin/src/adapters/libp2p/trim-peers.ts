import type { Libp2p } from '@libp2p/interface';
import { KNOWN_PEERS_MAX } from './limits.ts';

/** Forgets peers that libp2p has heard of and is not connected with, when they are too many. */
export async function trimPeers(node: Libp2p | undefined): Promise<void> {
  if (node === undefined) return;
  const peers = await node.peerStore.all();
  let excess = peers.length - KNOWN_PEERS_MAX;
  for (const { id } of peers) {
    if (excess <= 0) return;
    if (node.getConnections(id).length > 0 || id.equals(node.peerId)) continue;
    await node.peerStore.delete(id);
    excess -= 1;
  }
}
