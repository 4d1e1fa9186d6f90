import type { SipKey } from '../../base/half-sip-hash.ts';
import type { Refusal, Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { ChainUpdate } from '../../chain/chain-update.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PooledTransactions } from '../../node/events.ts';
import type { PeerAddress, PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { Message } from '../messages/message.ts';
import type { P2pPart, PartDependencies, TransportEvent } from '../part.ts';
import type { Connection, Peer } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { AddressBook, type AddressSource, BOOK_SHAPE } from './address-book.ts';
import type { Ban } from './ban-records.ts';
import { Bans, parseBanTarget } from './bans.ts';
import type { BookShape } from './bucket-places.ts';
import { Exchange } from './exchange.ts';
import { admitInbound, type Candidate } from './inbound.ts';
import { Judge } from './judge.ts';
import {
  BOOK_PAGES_PER_SAVE,
  BOOK_SAVE_INTERVAL_MS,
  INBOUND_PEERS_MAX,
  OUTBOUND_LINKS_MAX,
  OUTBOUND_PEERS,
} from './limits.ts';
import { networkPlace, peerOf } from './network-place.ts';
import { Outbound } from './outbound.ts';
import type { PeerInfo, PeerRecord } from './peer-record.ts';

/** How many peers a node has, and how large its address book is. What is left out is as in {@link limits.ts}. */
export interface PeersConfig {
  /** Connections that the node makes. */
  readonly outboundPeers?: number;
  /** Connections that it accepts. */
  readonly inboundPeersMax?: number;
  /** A smaller book for a node that lives with thousands in one process. */
  readonly bookShape?: BookShape;
}

/** What the part needs: {@link PartDependencies} but the punishment, which it does itself. */
export type PeersDeps = Pick<PartDependencies, 'host' | 'peers' | 'disconnect'>;

/** The owner of the node, as a source of addresses. */
const OWNER: AddressSource = { kind: 'owner', group: 'owner' };

/** A search in the local network or the hash table, where anybody may put anything. */
const SEARCH: AddressSource = { kind: 'search', group: 'search' };

/** How soon something is done about news that can wait for more of them. */
const STIR_MS = 100;

/** How soon another address is dialled after one that failed: addresses that lead nowhere must not cost much. */
const RETRY_MS = 500;

/** The longest time between two looks at everything, also when a clock was set back. */
const IDLE_MS_MAX = 3_600_000;

/**
 * Whom this node is connected to: it chooses outbound peers, lets inbound ones in, remembers addresses, adds up what
 * peers do wrong, bans, and tells others of addresses.
 */
export class PeersPart implements P2pPart {
  readonly #inboundPeersMax: number;
  readonly #host: P2pHost;
  readonly #deps: PeersDeps;
  readonly #bans: Bans;
  readonly #judge: Judge;
  readonly #book: AddressBook;
  readonly #outbound: Outbound;
  readonly #exchange: Exchange;
  /** Every connection that was let in, until it is gone. */
  readonly #records = new Map<PeerId, PeerRecord>();
  /** Which network groups are protected when an inbound peer has to go. */
  readonly #key: SipKey;
  /** Where this node can be dialled, and the names that stand there. */
  #own: { readonly addresses: ReadonlySet<PeerAddress>; readonly ids: ReadonlySet<PeerId> };
  #nextMs = 0;
  #saveMs = 0;
  #saveIntervalMs: number = BOOK_SAVE_INTERVAL_MS.first;

  constructor(config: PeersConfig, deps: PeersDeps) {
    const { outboundPeers: target = OUTBOUND_PEERS, bookShape = BOOK_SHAPE } = config;
    const { host } = deps;
    const random = host.random.fork();
    this.#inboundPeersMax = config.inboundPeersMax ?? INBOUND_PEERS_MAX;
    this.#host = host;
    this.#deps = deps;
    this.#bans = new Bans(host);
    this.#judge = new Judge(this.#bans);
    const book = new AddressBook(bookShape, { random, host });
    const mayDial = (address: PeerAddress, nowMs: number) => this.#mayDial(address, nowMs);
    const disconnect = (peer: PeerId) => deps.disconnect(peer);
    const isOnline = () => this.#records.size > 0;
    this.#book = book;
    this.#outbound = new Outbound({ target }, { book, random, host, disconnect, mayDial, isOnline });
    this.#exchange = new Exchange({ book, random, host });
    this.#key = { low: random.u32(), high: random.u32() };
    this.#own = { addresses: new Set(), ids: new Set() };
  }

  /** How much is known of addresses. */
  get book(): { readonly known: number; readonly reached: number } {
    return { known: this.#book.size, reached: this.#book.triedSize };
  }

  /** Peers and machines whose points are remembered. */
  get scores(): number {
    return this.#judge.size;
  }

  start(nowMs: number): void {
    this.tick(nowMs);
  }

  stop(): void {
    this.#book.save(Number.MAX_SAFE_INTEGER);
  }

  handle(peer: Peer, message: Message, nowMs: number): Result<undefined> {
    if (message.kind === 'peers') return this.#heard(peer, message.addresses, nowMs);
    if (message.kind !== 'peers-request') return OK;
    return this.#exchange.requested(peer.id, networkPlace(peer.address).kind, nowMs);
  }

  admit(connection: Connection, nowMs: number): Result<undefined> {
    const { id, address, direction } = connection;
    const place = networkPlace(address);
    const { connectedMs } = connection;
    const record = { id, address, direction, connectedMs, place, transactionMs: 0, blockMs: 0 };
    const ban = this.#bans.find(id, place, nowMs);
    const admitted =
      ban !== undefined
        ? refuseP2p('p2p/banned', { untilMs: ban.untilMs })
        : direction === 'inbound'
          ? this.#admitInbound(record, nowMs)
          : this.#admitOutbound(record);
    if (admitted.ok) this.#records.set(id, record);
    if (direction === 'outbound') {
      if (admitted.ok) this.#outbound.connected(id, address, nowMs);
      else this.#outbound.dialFailed(address);
    }
    return admitted;
  }

  transport(event: TransportEvent, nowMs: number): void {
    switch (event.kind) {
      case 'dial-failed':
        this.#outbound.dialFailed(event.address);
        // Without any connection the next one will hardly do better: the search goes on in its own time.
        if (this.#records.size > 0) this.#stir(nowMs, RETRY_MS);
        return;
      case 'discovered':
        if (this.#isOwn(event.address)) return;
        if (!this.#book.add(event.address, event.isOwners === true ? OWNER : SEARCH, nowMs)) return;
        this.#outbound.searchAgain();
        break;
      case 'listening': {
        const addresses = new Set(event.addresses);
        this.#own = { addresses, ids: new Set(event.addresses.flatMap((own) => peerOf(own) ?? [])) };
        for (const address of addresses) this.#outbound.forget(address);
        // The network has come up, or is another one.
        this.#outbound.searchAgain();
        break;
      }
    }
    this.#stir(nowMs);
  }

  peerReady(peer: Peer, nowMs: number): void {
    const { id, address, direction, hello } = peer;
    const isKept = direction === 'inbound' || this.#outbound.ready(id, nowMs);
    const source = networkPlace(address);
    // Nobody speaks for another node's addresses here: whoever wants to tell of others is asked for them.
    for (const own of hello.listen) if (peerOf(own) === id) this.#book.add(own, source, nowMs);
    if (isKept) this.#exchange.ready(id, direction === 'outbound', nowMs);
    else this.#deps.disconnect(id);
    this.#outbound.searchAgain();
    this.#stir(nowMs);
  }

  peerGone({ id, direction }: Connection, _peer: Peer | undefined, nowMs: number): void {
    this.#records.delete(id);
    this.#exchange.gone(id);
    this.#outbound.disconnected(id, nowMs);
    // Others come by themselves.
    if (direction === 'outbound' || this.#records.size === 0) this.#stir(nowMs);
  }

  headMoved(_update: ChainUpdate, _isOwn: boolean, nowMs: number): void {
    this.#outbound.headMoved(nowMs);
  }

  blockDone(_id: Hash, from: PeerId, result: Result<undefined>, nowMs: number): void {
    if (!result.ok) return;
    const record = this.#records.get(from);
    if (record !== undefined) record.blockMs = nowMs;
    this.#outbound.gaveBlock(from, nowMs);
  }

  transactionsAdded(_added: PooledTransactions, from: PeerId | undefined, nowMs: number): void {
    const record = from === undefined ? undefined : this.#records.get(from);
    if (record !== undefined) record.transactionMs = nowMs;
  }

  tick(nowMs: number): void {
    const aheadMs = this.#nextMs - nowMs;
    if (aheadMs > 0 && aheadMs <= IDLE_MS_MAX) return;
    if (nowMs >= this.#saveMs || this.#saveMs - nowMs > IDLE_MS_MAX) {
      this.#book.save(BOOK_PAGES_PER_SAVE);
      this.#saveMs = nowMs + this.#saveIntervalMs;
      this.#saveIntervalMs = Math.min(BOOK_SAVE_INTERVAL_MS.last, 2 * this.#saveIntervalMs);
    }
    const dueMs = Math.min(this.#outbound.tick(nowMs), this.#exchange.tick(nowMs), this.#saveMs);
    this.#nextMs = Math.max(nowMs + 1, dueMs);
    this.#host.wake(this.#nextMs);
  }

  /**
   * Holds a refusal against a peer, connected or not; closes what is banned for it.
   *
   * @param address - where it was, if it is not connected any more and that is known
   */
  punish(id: PeerId, refusal: Refusal, nowMs: number, address?: PeerAddress): void {
    const record = this.#records.get(id);
    const place = record?.place ?? (address === undefined ? undefined : networkPlace(address));
    const isElsewhere = refusal.rule === 'p2p/self' || refusal.rule === 'p2p/wrong-chain';
    if (isElsewhere && record?.direction === 'outbound') this.#outbound.forget(record.address);
    if (!this.#judge.punish(id, place, refusal, nowMs)) return;
    this.#host.log('info', 'peer banned', { peer: id, rule: refusal.rule });
    this.#closeBanned(refusal, nowMs);
  }

  /**
   * Bans a peer, a machine or a network by hand, and closes its connections.
   *
   * @param target - a peer id, an IP address or a network such as `5.6.0.0/16`
   * @returns refuses by `p2p/ban-target` and `p2p/too-many-bans`
   */
  ban(target: string, durationMs: number, nowMs: number): Result<Ban> {
    const parsed = parseBanTarget(target);
    if (!parsed.ok) return parsed;
    const ban = this.#bans.order(parsed.value, nowMs + durationMs, nowMs);
    if (ban.ok) this.#closeBanned(refuseP2p('p2p/banned', { untilMs: ban.value.untilMs }).error, nowMs);
    return ban;
  }

  /** Lifts a ban; refuses by `p2p/ban-target`, and by `p2p/not-banned` what is not banned in just these words. */
  unban(target: string, nowMs: number): Result<string> {
    const parsed = parseBanTarget(target);
    if (!parsed.ok) return parsed;
    const wasBanned = this.bans(nowMs).some((ban) => ban.target === parsed.value);
    this.#bans.lift(parsed.value);
    this.#judge.forgive(parsed.value);
    this.#outbound.searchAgain();
    this.#stir(nowMs);
    return wasBanned ? parsed : refuseP2p('p2p/not-banned', { got: parsed.value });
  }

  /** The bans that hold, in the order of their targets. */
  bans(nowMs: number): readonly Ban[] {
    return this.#bans.list(nowMs);
  }

  /** True for an address whose machine is banned, whoever is there: the network need not shake hands to refuse it. */
  isBanned(address: PeerAddress, nowMs: number): boolean {
    return this.#bans.find(undefined, networkPlace(address), nowMs) !== undefined;
  }

  /** Everybody who is connected, the oldest connection first. */
  connected(nowMs: number): readonly PeerInfo[] {
    return [...this.#records.values()].map((record) => {
      const { id, address, place } = record;
      const peer = this.#deps.peers.get(id);
      const said = peer && {
        agent: peer.hello.agent,
        height: peer.head.height,
        finalHeight: peer.finalHeight,
      };
      const points = this.#judge.points(id, place, nowMs);
      return {
        ...record,
        said,
        points,
        latencyMs: peer?.latencyMs,
        isAnchor: this.#outbound.isAnchor(address),
      };
    });
  }

  #heard(peer: Peer, addresses: readonly PeerAddress[], nowMs: number): Result<undefined> {
    const others = addresses.filter((address) => !this.#isOwn(address));
    const answered = this.#exchange.answered(peer.id, others, networkPlace(peer.address), nowMs);
    if (answered.ok) {
      this.#outbound.searchAgain();
      this.#stir(nowMs);
    }
    return answered;
  }

  #admitInbound(comer: PeerRecord, nowMs: number): Result<undefined> {
    const { peers } = this.#deps;
    const inbound = [...this.#records.values()].filter(({ direction }) => direction === 'inbound');
    // Who is to go, or shares a machine, is asked only where it matters.
    if (comer.place.host === undefined && inbound.length < this.#inboundPeersMax) return OK;
    const candidates: readonly Candidate[] = inbound.map((record) => ({
      ...record,
      points: this.#judge.points(record.id, record.place, nowMs),
      latencyMs: peers.get(record.id)?.latencyMs,
    }));
    const limits = { inboundMax: this.#inboundPeersMax, key: this.#key };
    const admitted = admitInbound(comer, candidates, limits);
    if (!admitted.ok) return admitted;
    if (admitted.value !== undefined) this.#deps.disconnect(admitted.value, refuseP2p('p2p/evicted').error);
    return OK;
  }

  #admitOutbound({ address }: PeerRecord): Result<undefined> {
    // The network may make connections of its own, such as to a relay, but not without end.
    const isOurs = this.#outbound.isDialling(address);
    if (isOurs || this.#outbound.links < OUTBOUND_LINKS_MAX) return OK;
    return refuseP2p('p2p/too-many-connections', { expected: OUTBOUND_LINKS_MAX });
  }

  #closeBanned(refusal: Refusal, nowMs: number): void {
    for (const { id, place } of this.#records.values()) {
      if (this.#bans.find(id, place, nowMs) !== undefined) this.#deps.disconnect(id, refusal);
    }
  }

  #mayDial(address: PeerAddress, nowMs: number): boolean {
    const id = peerOf(address);
    if (id === undefined || this.#records.has(id) || this.#isOwn(address)) return false;
    return this.#bans.find(id, networkPlace(address), nowMs) === undefined;
  }

  #isOwn(address: PeerAddress): boolean {
    const id = peerOf(address);
    return this.#own.addresses.has(address) || (id !== undefined && this.#own.ids.has(id));
  }

  /** Has {@link tick} look at everything soon. */
  #stir(nowMs: number, withinMs = STIR_MS): void {
    if (this.#nextMs - nowMs <= withinMs && this.#nextMs > nowMs) return;
    this.#nextMs = nowMs + withinMs;
    this.#host.wake(this.#nextMs);
  }
}
