/** Where a peer is drawn, around the node at 0, 0. */
export interface PeerPlace {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Distances from the node: of a peer that answers at once, and of one that takes {@link FAR_MS} or longer. */
const [NEAR, FAR] = [60, 150];
const FAR_MS = 500;

/** Places peers around the node, evenly by angle and by their latency in distance; on a scale of roots. */
export function layoutPeers(
  peers: readonly { readonly id: string; readonly latencyMs: number | null }[],
): readonly PeerPlace[] {
  return peers.map(({ id, latencyMs }, i) => {
    const angle = (2 * Math.PI * i) / peers.length - Math.PI / 2;
    const share = Math.sqrt(Math.min(FAR_MS, latencyMs ?? FAR_MS) / FAR_MS);
    const distance = NEAR + share * (FAR - NEAR);
    return { id, x: distance * Math.cos(angle), y: distance * Math.sin(angle) };
  });
}
