import type { PeerId } from '../../ports/network.ts';
import type { Download } from './downloads.ts';
import type { PendingHeader } from './header-tree.ts';
import type { SyncPeer } from './sync-peer.ts';

/** What is known when a block is to be asked for. */
export interface SourceChoice {
  readonly peers: ReadonlyMap<PeerId, SyncPeer>;
  /** How many more blocks each peer can be asked for. */
  readonly rooms: ReadonlyMap<SyncPeer, number>;
  /** What each is going to be asked for besides. */
  readonly plans: ReadonlyMap<SyncPeer, readonly PendingHeader[]>;
  readonly nowMs: number;
  readonly blockBytes: number;
}

/**
 * The peer that would have a block here first, by its rate and what it has been asked for already: so each peer gets a
 * share of the work that fits its link. Peers that held up the download get one only when no other has the block.
 */
export function chooseSource(download: Download, at: SourceChoice): SyncPeer | undefined {
  let best: SyncPeer | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  let isBestSlow = true;
  let isFastThere = false;
  for (const peer of at.peers.values()) {
    if (!isSource(download, peer, at.nowMs)) continue;
    const isSlow = peer.slowUntilMs > at.nowMs;
    if (!isSlow) isFastThere = true;
    const planned = at.plans.get(peer)?.length ?? 0;
    if (planned >= (at.rooms.get(peer) ?? 0)) continue;
    const arrivalMs = peer.estimateMs(at.blockBytes, planned);
    if (isSlow === isBestSlow ? arrivalMs >= bestMs : isSlow) continue;
    best = peer;
    bestMs = arrivalMs;
    isBestSlow = isSlow;
  }
  return isBestSlow && isFastThere ? undefined : best;
}

/** True when some peer can be asked for a block, now or when it has room. */
export function hasSource(download: Download, peers: ReadonlyMap<PeerId, SyncPeer>, nowMs: number): boolean {
  for (const peer of peers.values()) if (isSource(download, peer, nowMs)) return true;
  return false;
}

function isSource({ entry, askedOf, missingAt }: Download, peer: SyncPeer, nowMs: number): boolean {
  if (peer.pausedUntilMs > nowMs || peer.height < entry.height) return false;
  return !askedOf.includes(peer.id) && !missingAt.includes(peer.id);
}
