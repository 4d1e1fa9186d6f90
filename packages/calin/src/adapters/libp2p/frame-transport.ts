import { ok, type Result } from '@calin/core/base/result.ts';
import type { Log, LogLevel } from '@calin/core/ports/log.ts';
import type { Connection, Libp2p, PrivateKey, Stream } from '@libp2p/interface';
import { refuseAdapter } from '../../rules.ts';
import { type AddressEvents, Announcements } from './announcements.ts';
import { HalfOpenLinks, type LaneName } from './half-open-links.ts';
import { excessConnections } from './idle-connections.ts';
import { createLibp2pNode, type Libp2pChoices } from './libp2p-node.ts';
import { DIAL_MS_MAX, DIALS_MAX, SWEEP_INTERVAL_MS, TRIM_INTERVAL_MS } from './limits.ts';
import { LinkTable, type LinkTableEvents } from './link-table.ts';
import { NamedRelays } from './named-relays.ts';
import { type DialTarget, formatPeerAddress, parsePeerAddress } from './peer-address.ts';
import type { LinkStreams } from './peer-link.ts';
import { trimPeers } from './trim-peers.ts';
import { UnwelcomePeers } from './unwelcome-peers.ts';

/** The protocols of the two lanes. */
const PROTOCOLS = { urgent: '/calin/1/urgent', bulk: '/calin/1/bulk' } as const;

/** What a transport tells, at once: a call may cause it. */
export interface FrameTransportEvents extends LinkTableEvents, AddressEvents {
  dialFailed(address: string): void;
}

/** Choices for {@link FrameTransport}. */
export interface FrameTransportOptions extends Libp2pChoices {
  readonly key: PrivateKey;
  /** The chain, in hex. */
  readonly chainId: string;
  /** Peers to begin with; told again while there is no link. */
  readonly bootstrap: readonly string[];
  /** How often it is looked whether something has to be done; {@link SWEEP_INTERVAL_MS} when left out. */
  readonly sweepIntervalMs?: number;
}

/** What {@link FrameTransport} works with. */
export interface FrameTransportDependencies {
  readonly events: FrameTransportEvents;
  readonly log: Log;
  /** Whether whoever dials from an address is refused before the handshake; nobody is when left out. */
  isBanned?(address: string): boolean;
}

/**
 * Frames between peers over libp2p: at most one link a peer, of two kept streams. Who answers a dial has proved its id
 * (noise), so a peer's name cannot be borrowed.
 */
export class FrameTransport {
  readonly #options: FrameTransportOptions;
  readonly #events: FrameTransportEvents;
  readonly #log: Log;
  readonly #isBanned: (address: string) => boolean;
  readonly #links: LinkTable;
  readonly #halfOpen = new HalfOpenLinks();
  readonly #unwelcome = new UnwelcomePeers();
  readonly #announcements: Announcements;
  readonly #relays: NamedRelays;
  readonly #dialling = new Set<string>();
  /** Addresses of the owner's list that the log has told of, once. */
  readonly #unreachable = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #node: Libp2p | undefined;

  constructor(options: FrameTransportOptions, dependencies: FrameTransportDependencies) {
    this.#options = options;
    this.#isBanned = (address) => dependencies.isBanned?.(address) === true;
    this.#events = dependencies.events;
    this.#log = dependencies.log;
    this.#announcements = new Announcements(options, this.#events);
    this.#relays = new NamedRelays(options, {
      away: (address, why) =>
        this.#note('warn', 'a relay to listen by gives no place; it will be asked again', { address, why }),
      back: (address) => this.#note('info', 'a relay to listen by gives a place', { address }),
    });
    this.#links = new LinkTable({
      connected: (peer, address, direction) => {
        this.#note('debug', 'linked', { peer, address, direction });
        this.#events.connected(peer, address, direction);
      },
      disconnected: (peer, why, broken) => {
        if (this.#stopping.signal.aborted) return;
        this.#note('debug', 'a link has ended', { peer, why });
        this.#events.disconnected(peer, why, broken);
      },
      frame: (peer, bytes) => this.#events.frame(peer, bytes),
    });
  }

  /** How many peers are linked. */
  get size(): number {
    return this.#links.size;
  }

  /** This node's own addresses. */
  get listening(): readonly string[] {
    return this.#announcements.own;
  }

  /** Opens the doors, or says why it cannot: `network/cannot-listen`. */
  async start(): Promise<Result<undefined>> {
    const { key, chainId, listen } = this.#options;
    try {
      const isTurnedAway = (peer: string) => this.#unwelcome.isTurnedAway(peer, performance.now());
      const isBanned = this.#isBanned;
      const relays = this.#relays;
      const node = await createLibp2pNode(this.#options, key, { chainId, relays, isBanned, isTurnedAway });
      this.#node = node;
      await this.#wire(node);
      await node.start();
      this.#announcements.tellOwn(node);
      // The update of libp2p below comes a second later, and not at all when the place at a relay was held for less.
      node.addEventListener('transport:listening', () => this.#announcements.tellOwn(node));
    } catch (error) {
      await this.stop();
      return refuseAdapter('network/cannot-listen', {
        addresses: listen.join(' '),
        why: whyNotListening(error),
      });
    }
    this.#sweep();
    const trim = () => void trimPeers(this.#node).catch(() => {});
    const { sweepIntervalMs = SWEEP_INTERVAL_MS } = this.#options;
    this.#timers.push(setInterval(() => this.#sweep(), sweepIntervalMs).unref());
    this.#timers.push(setInterval(trim, TRIM_INTERVAL_MS).unref());
    return ok(undefined);
  }

  /** Links this node with the peer at an address: `connected` or `dialFailed` follows, one of them, within 10 s. */
  dial(address: string): void {
    const target = this.#judgeDial(address);
    if (typeof target === 'string') return this.#dialFailed(address, target);
    this.#unwelcome.forgive(target.peer);
    this.#dialling.add(target.peer);
    void this.#link(target, address)
      .catch((error: unknown) => {
        if (this.#links.get(target.peer) === undefined) this.#tellUnreachable(address, whyOf(error));
        this.#dialFailed(address, whyOf(error));
      })
      .finally(() => this.#dialling.delete(target.peer));
  }

  /** Sends a frame; it is dropped when the peer is not linked. The bytes may not change afterwards. */
  send(peer: string, bytes: Uint8Array, lane: LaneName): void {
    this.#links.get(peer)?.send(bytes, lane === 'urgent');
  }

  /** Ends the link with a peer; `disconnected` follows. What is urgent gets a moment to leave. */
  close(peer: string): void {
    const nowMs = performance.now();
    if (this.#links.close(peer, nowMs)) this.#unwelcome.closed(peer, nowMs);
  }

  /** Closes every link and every door; nothing is told afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#announcements.stop();
    this.#relays.stop();
    for (const timer of this.#timers) clearInterval(timer);
    this.#halfOpen.sweep(Number.POSITIVE_INFINITY);
    await this.#links.stop();
    await this.#node?.stop();
  }

  async #wire(node: Libp2p): Promise<void> {
    const options = { maxInboundStreams: 1, maxOutboundStreams: 1, runOnLimitedConnection: true };
    for (const lane of ['urgent', 'bulk'] as const) {
      const accept = (stream: Stream, connection: Connection) => this.#accept(lane, stream, connection);
      await node.handle(PROTOCOLS[lane], accept, options);
    }
    node.addEventListener('self:peer:update', () => this.#announcements.tellOwn(node));
    node.addEventListener('peer:discovery', ({ detail }) => this.#announcements.tellPeer(detail));
    node.addEventListener('connection:open', ({ detail }) => this.#improve(detail));
  }

  /** The target of a dial, or why there is none. */
  #judgeDial(address: string): DialTarget | string {
    if (this.#node?.status !== 'started') return 'the network is not up';
    const target = parsePeerAddress(address);
    if (!target.ok) return String(target.error.evidence['why'] ?? target.error.message);
    const { peer } = target.value;
    if (peer === this.#node.peerId.toString()) return 'it is this node';
    if (this.#links.get(peer) !== undefined || this.#dialling.has(peer))
      return 'the peer is linked or dialled';
    return this.#dialling.size < DIALS_MAX ? target.value : 'too many dials are under way';
  }

  async #link({ address, peer }: DialTarget, dialled: string): Promise<void> {
    const signal = AbortSignal.any([AbortSignal.timeout(DIAL_MS_MAX), this.#stopping.signal]);
    const connection = await (this.#node as Libp2p).dial(address, { signal });
    // The peer ends a relayed connection as soon as it has made a direct one, which may be at any time.
    const direct = () => this.#directConnection(connection);
    const streams = await this.#openLanes(connection, peer, signal).catch((error: unknown) => {
      const other = direct();
      if (other === undefined) throw error;
      return this.#openLanes(other, peer, signal);
    });
    // A dial gives back what there is, and the peer may have dialled us: then what was tried has led nowhere.
    const { connection: found } = streams;
    const isDialled = found === connection && found.direction === 'outbound';
    const reached = isDialled ? dialled : (formatPeerAddress(found.remoteAddr, peer) ?? '');
    if (!this.#links.add(streams, reached, found.direction))
      throw new Error('the peer has dialled us meanwhile');
    if (!isDialled) this.#dialFailed(dialled, 'the peer was reached in another way');
    const other = direct();
    if (other !== undefined) this.#improve(other);
  }

  /** Another connection with the peer of a relayed one, which needs no relay. */
  #directConnection({ limits, remotePeer }: Connection): Connection | undefined {
    if (limits === undefined) return undefined;
    return this.#node
      ?.getConnections(remotePeer)
      .find((one) => one.limits === undefined && one.status === 'open');
  }

  async #openLanes(connection: Connection, peer: string, signal: AbortSignal): Promise<LinkStreams> {
    const options = { signal, runOnLimitedConnection: true };
    const urgent = await connection.newStream(PROTOCOLS.urgent, options);
    const bulk = await connection.newStream(PROTOCOLS.bulk, options).catch((error: unknown) => {
      urgent.abort(new Error('the second lane was refused'));
      throw error;
    });
    return { peer, opener: String(this.#node?.peerId), connection, urgent, bulk };
  }

  #accept(lane: LaneName, stream: Stream, connection: Connection): void {
    if (this.#stopping.signal.aborted) return stream.abort(new Error('the node stops'));
    const streams = this.#halfOpen.add(lane, stream, connection);
    if (streams === undefined) return;
    this.#links.add(streams, formatPeerAddress(connection.remoteAddr, streams.peer) ?? '', 'inbound');
  }

  /** A relay carries little and not for long: the link moves to a direct connection as soon as there is one. */
  #improve(connection: Connection): void {
    const peer = connection.remotePeer.toString();
    const present = this.#links.get(peer)?.streams;
    const isRelayed = present?.connection.limits !== undefined && connection.limits === undefined;
    if (!isRelayed || present.opener !== String(this.#node?.peerId)) return;
    const address = formatPeerAddress(connection.remoteAddr, peer) ?? '';
    this.#openLanes(connection, peer, AbortSignal.timeout(DIAL_MS_MAX))
      .then((streams) => this.#links.add(streams, address, connection.direction))
      .catch((error: unknown) => this.#note('debug', 'a relayed link stays', { peer, why: whyOf(error) }));
  }

  /** The owner has named it, so it may be misspelt: said once, not each time that it is tried again. */
  #tellUnreachable(address: string, why: string): void {
    const isNews = this.#options.bootstrap.includes(address) && !this.#unreachable.has(address);
    if (!isNews || this.#stopping.signal.aborted) return;
    this.#unreachable.add(address);
    this.#note('warn', 'a node to begin with cannot be reached; it will be tried again', { address, why });
  }

  #dialFailed(address: string, why: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#note('debug', 'a dial failed', { address, why });
    this.#events.dialFailed(address);
  }

  #sweep(): void {
    const nowMs = performance.now();
    this.#halfOpen.sweep(nowMs);
    this.#links.sweep(nowMs);
    this.#relays.sweep();
    const isLinked = (one: Connection) =>
      this.#links.get(one.remotePeer.toString())?.streams.connection === one;
    for (const idle of excessConnections(this.#node?.getConnections() ?? [], isLinked)) {
      idle.abort(new Error('too many connections are without a link'));
    }
    if (this.#links.size === 0) this.#announcements.tellBootstrap(nowMs);
  }

  #note(level: LogLevel, message: string, fields: Record<string, string>): void {
    this.#log.write({ level, part: 'net', message, fields });
  }
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What libp2p says of it, without its stacks: one line for each address. */
function whyNotListening(error: unknown): string {
  const lines = whyOf(error).split('\n');
  const reasons = lines.map((line) => line.trim()).filter((line) => /^\/\S+: /.test(line));
  return reasons.length === 0 ? (lines[0] ?? '') : reasons.join('; ');
}
