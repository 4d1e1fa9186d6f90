import type { Refusal } from '@calin/core/base/result.ts';
import { CROSSED_DIAL_MS, LINKS_MAX, UNFINISHED_BYTES_MAX } from './limits.ts';
import { formatPeerAddress } from './peer-address.ts';
import { type LinkStreams, PeerLink } from './peer-link.ts';

/** A rule that a peer has broken over a link that is gone, and where the link came from. */
export interface BrokenRule {
  readonly refusal: Refusal;
  readonly address: string;
}

/** What happens to links. */
export interface LinkTableEvents {
  connected(peer: string, address: string, direction: 'inbound' | 'outbound'): void;
  disconnected(peer: string, why: string, broken?: BrokenRule): void;
  frame(peer: string, bytes: Uint8Array): void;
}

/** The links that this node has: at most one a peer. */
export class LinkTable {
  readonly #events: LinkTableEvents;
  readonly #links = new Map<string, PeerLink>();
  /** Links that were closed and whose last words are on their way. */
  readonly #closing = new Set<Promise<void>>();
  #isStopped = false;

  constructor(events: LinkTableEvents) {
    this.#events = events;
  }

  /** How many peers are linked. */
  get size(): number {
    return this.#links.size;
  }

  /** The link with a peer. */
  get(peer: string): PeerLink | undefined {
    return this.#links.get(peer);
  }

  /** Makes a link of two streams, unless the one that is there stays: then the streams are closed. */
  add(streams: LinkStreams, address: string, direction: 'inbound' | 'outbound'): boolean {
    const { peer } = streams;
    const link = this.#create(streams);
    const present = this.#links.get(peer);
    const isWelcome = present === undefined ? this.#links.size < LINKS_MAX : isBetter(link, present);
    if (this.#isStopped || !isWelcome) {
      link.break('another link with the peer stays');
      return false;
    }
    if (present !== undefined) {
      this.#links.delete(peer);
      this.#close(present);
      this.#events.disconnected(peer, 'a better link is there');
    }
    this.#links.set(peer, link);
    this.#events.connected(peer, address, direction);
    link.open();
    return true;
  }

  /**
   * Ends the link with a peer, if there is one; `disconnected` follows, by rule where a frame has stalled. What is
   * urgent gets a moment to leave.
   */
  close(peer: string, nowMs: number): boolean {
    const link = this.#links.get(peer);
    if (link === undefined) return false;
    this.#links.delete(peer);
    const stalled = link.stalled(nowMs);
    this.#close(link);
    this.#tellDisconnected(link, 'it was closed', stalled);
    return true;
  }

  /** Ends links whose frames do not arrive in time. */
  sweep(nowMs: number): void {
    for (const link of [...this.#links.values()]) link.sweep(nowMs);
  }

  /** Ends all links and takes no more; nothing is told. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const links = [...this.#links.values()];
    this.#links.clear();
    for (const link of links) this.#close(link);
    await Promise.all(this.#closing);
  }

  #close(link: PeerLink): void {
    const closing = link.close().then(() => this.#closeConnection(link));
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }

  #create(streams: LinkStreams): PeerLink {
    return new PeerLink(streams, {
      frame: (link, bytes) => this.#events.frame(link.peer, bytes),
      held: () => this.#limitHeld(),
      broken: (link, why, rule) => this.#broken(link, why, rule),
    });
  }

  #broken(link: PeerLink, why: string, rule: Refusal | undefined): void {
    if (this.#links.get(link.peer) !== link) return;
    this.#links.delete(link.peer);
    void this.#closeConnection(link);
    this.#tellDisconnected(link, why, rule ?? link.stalled(performance.now()));
  }

  #tellDisconnected({ peer, streams }: PeerLink, why: string, refusal: Refusal | undefined): void {
    if (refusal === undefined) return this.#events.disconnected(peer, why);
    const address = formatPeerAddress(streams.connection.remoteAddr, peer) ?? '';
    this.#events.disconnected(peer, why, { refusal, address });
  }

  /** Many peers with large frames under way may not hold the memory: who began first and is not done goes. */
  #limitHeld(): void {
    let held = 0;
    let oldest: PeerLink | undefined;
    for (const link of this.#links.values()) {
      held += link.heldBytes;
      if (oldest === undefined || link.unfinishedSinceMs < oldest.unfinishedSinceMs) oldest = link;
    }
    if (held > UNFINISHED_BYTES_MAX) oldest?.break('frames of all peers hold too much memory');
  }

  /** Ends a link's connection, unless another link uses it. */
  async #closeConnection({ peer, streams }: PeerLink): Promise<void> {
    const { connection } = streams;
    if (this.#links.get(peer)?.streams.connection === connection) return;
    if (connection.status !== 'open') return;
    await connection.close({ signal: AbortSignal.timeout(1000) }).catch(() => {
      connection.abort(new Error('the link was closed'));
    });
  }
}

/**
 * Which of two links with one peer stays; both ends come to the same answer. A direct one beats a relayed one. When
 * both ends dialled at once, the one that the smaller id opened stays. Otherwise the newer one: its peer has lost the
 * older one, or it would not have dialled.
 */
function isBetter(link: PeerLink, present: PeerLink): boolean {
  const isDirect = link.streams.connection.limits === undefined;
  const wasDirect = present.streams.connection.limits === undefined;
  if (isDirect !== wasDirect) return isDirect;
  const isCrossed = link.openedMs - present.openedMs < CROSSED_DIAL_MS;
  if (!isCrossed || link.streams.opener === present.streams.opener) return true;
  return link.streams.opener < present.streams.opener;
}
