import type { PeerAddress, PeerId } from '../../ports/network.ts';
import { DIAL_TIMEOUT_MS } from './limits.ts';
import { networkPlace } from './network-place.ts';

/** Why a connection is made: to stay, or to see whether somebody is there (a feeler). */
export type Purpose = 'peer' | 'feeler';

interface Dial {
  readonly purpose: Purpose;
  readonly group: string;
  readonly sinceMs: number;
}

/** A connection that this node has made. */
export interface OutboundLink extends Dial {
  readonly peer: PeerId;
  readonly address: PeerAddress;
  purpose: Purpose;
  /** True once both sides have said hello. */
  isReady: boolean;
  /** When it last gave us a block that the chain took; 0 for never. */
  blockMs: number;
}

/** The dials and connections of a node, counted by network group. */
export class OutboundLinks {
  readonly #dials = new Map<PeerAddress, Dial>();
  readonly #links = new Map<PeerId, OutboundLink>();

  /** Dials that are under way. */
  get dials(): number {
    return this.#dials.size;
  }

  /** Connections, feelers included. */
  get size(): number {
    return this.#links.size;
  }

  /** Every connection. */
  all(): readonly OutboundLink[] {
    return [...this.#links.values()];
  }

  /** Those that are meant to stay and have said hello. */
  ready(): readonly OutboundLink[] {
    return this.all().filter(({ purpose, isReady }) => purpose === 'peer' && isReady);
  }

  get(peer: PeerId): OutboundLink | undefined {
    return this.#links.get(peer);
  }

  isDialling(address: PeerAddress): boolean {
    return this.#dials.has(address);
  }

  /** True when a peer that has said hello was dialled at the address. */
  leadsTo(address: PeerAddress): boolean {
    return this.all().some((link) => link.isReady && link.address === address);
  }

  /** Peers and dials to peers, of one network group or of all. */
  count(group?: string): number {
    const isCounted = (dial: Dial) =>
      dial.purpose === 'peer' && (group === undefined || dial.group === group);
    let count = 0;
    for (const dial of this.#dials.values()) if (isCounted(dial)) count++;
    for (const link of this.#links.values()) if (isCounted(link)) count++;
    return count;
  }

  /** The peers that share a network group with another one, the youngest first. */
  crowded(): readonly OutboundLink[] {
    const shared = this.all().filter(({ purpose, group }) => purpose === 'peer' && this.count(group) > 1);
    return shared.toSorted((a, b) => b.sinceMs - a.sinceMs);
  }

  dial(address: PeerAddress, purpose: Purpose, nowMs: number): void {
    this.#dials.set(address, { purpose, group: networkPlace(address).group, sinceMs: nowMs });
  }

  dialFailed(address: PeerAddress): void {
    this.#dials.delete(address);
  }

  /** Forgets dials that nobody has answered in time. */
  expire(nowMs: number): void {
    for (const [address, { sinceMs }] of [...this.#dials]) {
      if (nowMs - sinceMs >= DIAL_TIMEOUT_MS) this.#dials.delete(address);
    }
  }

  /** When {@link expire} has something to do next; undefined while nothing is dialled. */
  get expiryMs(): number | undefined {
    const [first] = this.#dials.values();
    return first === undefined ? undefined : first.sinceMs + DIAL_TIMEOUT_MS;
  }

  /** A dial was answered. One that the network made by itself counts as a peer. */
  connected(peer: PeerId, address: PeerAddress, nowMs: number): void {
    const { purpose, group } = this.#dials.get(address) ?? {
      purpose: 'peer' as const,
      group: networkPlace(address).group,
    };
    this.#dials.delete(address);
    const link = { peer, address, group, purpose, sinceMs: nowMs, isReady: false, blockMs: 0 };
    this.#links.set(peer, link);
  }

  /** Removes a connection that is over, and gives it. */
  remove(peer: PeerId): OutboundLink | undefined {
    const link = this.#links.get(peer);
    this.#links.delete(peer);
    return link;
  }
}
