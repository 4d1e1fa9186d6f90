import type { SipKey } from '../../base/half-sip-hash.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import { refuseP2p } from '../rules.ts';
import { hashTexts } from './bucket-places.ts';
import { INBOUND_PER_HOST_MAX } from './limits.ts';
import type { PeerRecord } from './peer-record.ts';

/** A connected peer with what else counts. */
export interface Candidate extends PeerRecord {
  /** Points of misbehaviour. */
  readonly points: number;
  /** The shortest time a pong took; undefined before the first. */
  readonly latencyMs: number | undefined;
}

/** How many are kept for each good quality, as in SelectNodeToEvict of Bitcoin Core (node/eviction.cpp). */
const PROTECTED = { group: 4, latency: 8, transaction: 4, block: 4 } as const;

/**
 * Decides about one more inbound connection.
 *
 * @param comer - the new connection, not among `inbound`
 * @returns the peer to close for it, or undefined when there is room; refuses by `p2p/too-many-from-host` and
 *   `p2p/inbound-full`
 */
export function admitInbound(
  comer: PeerRecord,
  inbound: readonly Candidate[],
  limits: { readonly inboundMax: number; readonly key: SipKey },
): Result<PeerId | undefined> {
  const { host } = comer.place;
  if (host !== undefined) {
    const sameHost = inbound.filter(({ place }) => place.host === host).length;
    if (sameHost >= INBOUND_PER_HOST_MAX) return refuseP2p('p2p/too-many-from-host', { got: sameHost });
  }
  if (inbound.length < limits.inboundMax) return ok(undefined);
  const victim = chooseVictim(inbound, limits.key);
  if (victim === undefined) return refuseP2p('p2p/inbound-full', { expected: limits.inboundMax });
  return ok(victim);
}

/**
 * The peer whose place a new one may have. Kept are some that an attacker would find hard to imitate all at once: those
 * of groups that a secret prefers, the nearest, the last to give transactions and blocks, and of the rest the half that
 * has been here longest. Of what is left, the largest network group loses its youngest; a peer that has erred goes
 * before one that has not. Undefined when all are kept.
 */
export function chooseVictim(peers: readonly Candidate[], key: SipKey): PeerId | undefined {
  let left = protect(peers, PROTECTED.group, (peer) => hashTexts(key, 0x2_0000, [peer.place.group]));
  left = protect(left, PROTECTED.latency, ({ latencyMs }) => -(latencyMs ?? Number.MAX_SAFE_INTEGER));
  left = protect(left, PROTECTED.transaction, ({ transactionMs }) => transactionMs);
  left = protect(left, PROTECTED.block, ({ blockMs }) => blockMs);
  left = protect(left, Math.floor(left.length / 2), ({ connectedMs }) => -connectedMs);
  const erred = left.filter(({ points }) => points > 0);
  return youngestOfLargestGroup(erred.length > 0 ? erred : left);
}

/** The peers without the `count` that are best by a measure. */
function protect(
  peers: readonly Candidate[],
  count: number,
  measure: (peer: Candidate) => number,
): readonly Candidate[] {
  const worstFirst = peers.toSorted((a, b) => measure(a) - measure(b));
  return worstFirst.slice(0, Math.max(0, peers.length - count));
}

function youngestOfLargestGroup(peers: readonly Candidate[]): PeerId | undefined {
  const groups = new Map<string, { count: number; youngest: Candidate }>();
  for (const peer of peers) {
    const known = groups.get(peer.place.group);
    if (known === undefined) groups.set(peer.place.group, { count: 1, youngest: peer });
    else {
      known.count += 1;
      if (peer.connectedMs >= known.youngest.connectedMs) known.youngest = peer;
    }
  }
  let worst: { count: number; youngest: Candidate } | undefined;
  for (const group of groups.values()) {
    const isWorse =
      worst === undefined ||
      group.count > worst.count ||
      (group.count === worst.count && group.youngest.connectedMs > worst.youngest.connectedMs);
    if (isWorse) worst = group;
  }
  return worst?.youngest.id;
}
