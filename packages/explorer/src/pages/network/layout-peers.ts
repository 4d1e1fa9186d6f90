/** Where a peer is drawn, around the node at 0, 0. */
export interface PeerPlace {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** Distances from the node: of a peer that answers at once, and of one that takes {@link FAR_MS} or longer. */
const [NEAR, FAR] = [34, 120];
const FAR_MS = 500;

/** How far from the node a latency is drawn: on a scale of roots, so that near ones can be told apart. */
export function distanceOf(latencyMs: number): number {
  return NEAR + Math.sqrt(Math.min(FAR_MS, latencyMs) / FAR_MS) * (FAR - NEAR);
}

/** Places peers around the node, evenly by angle and by their latency in distance; the border when it is not known. */
export function layoutPeers(
  peers: readonly { readonly id: string; readonly latencyMs: number | null }[],
): readonly PeerPlace[] {
  return peers.map(({ id, latencyMs }, i) => {
    const angle = (2 * Math.PI * i) / peers.length - Math.PI / 4;
    const distance = distanceOf(latencyMs ?? FAR_MS);
    return { id, x: distance * Math.cos(angle), y: distance * Math.sin(angle) };
  });
}
