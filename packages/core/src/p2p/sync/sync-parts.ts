import type { Refusal } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { HeaderTree, PendingHeader } from './header-tree.ts';
import type { SyncLimits } from './limits.ts';
import type { Claim, SyncPeer } from './sync-peer.ts';

/** What the files of this folder share. */
export interface SyncParts {
  readonly limits: SyncLimits;
  readonly host: Pick<P2pHost, 'chain' | 'importBlock' | 'log' | 'random' | 'send'> &
    Partial<Pick<P2pHost, 'voting'>>;
  readonly tree: HeaderTree;
  /** The peers that are ready. */
  readonly peers: ReadonlyMap<PeerId, SyncPeer>;
  /** A number for the next request. */
  nextRequest(): number;
  punish(peer: PeerId, refusal: Refusal): void;
  disconnect(peer: PeerId, refusal?: Refusal): void;
}

/** True while a block is still to come without which the next headers of a peer cannot be checked. */
export function isWaiting({ tree, host }: SyncParts, { waitsFor }: SyncPeer): boolean {
  return (
    waitsFor !== undefined &&
    tree.find(waitsFor.key) !== undefined &&
    host.chain.node(waitsFor.id) === undefined
  );
}

/**
 * The headers to get the blocks of: the best ones, if they are better than the chain's head. Else those that cannot go
 * on without their blocks, of a branch that is better by the word of the peer that shows it.
 */
export function wantedTip(parts: SyncParts): PendingHeader | undefined {
  const { tree, host, peers } = parts;
  const { best } = tree;
  if (best !== undefined && host.chain.compareHeads(best, host.chain.head) < 0) return best;
  for (const peer of peers.values()) {
    const { claim, tipKey } = peer;
    if (tipKey === undefined || claim === undefined || !isWaiting(parts, peer)) continue;
    if (isBetterClaim(parts, claim)) return tree.find(tipKey);
  }
  return undefined;
}

/** Nobody knows how heavy a block is whose branch is not here; then its height has to do. */
function isBetterClaim({ host }: SyncParts, { id, height, weight }: Claim): boolean {
  const { head } = host.chain;
  return weight === undefined ? height > head.height : host.chain.compareHeads({ id, weight }, head) < 0;
}

/** Takes a header and all that follow it out; peers whose last header was among them are not asked for a while. */
export function dropBranch({ tree, peers, limits }: SyncParts, key: string, nowMs: number): void {
  tree.drop((entry) => entry.key === key);
  deferLost({ tree, peers, limits }, nowMs);
}

/** Asks peers for no headers for a while whose last header is kept no more, though its block never came. */
export function deferLost(
  { tree, peers, limits }: Pick<SyncParts, 'tree' | 'peers' | 'limits'>,
  nowMs: number,
): void {
  for (const peer of peers.values()) {
    if (peer.tipKey === undefined || tree.find(peer.tipKey) !== undefined) continue;
    peer.tipKey = undefined;
    peer.deferredUntilMs = nowMs + limits.deferMs;
  }
}
