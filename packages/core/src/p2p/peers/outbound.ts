import type { Random } from '../../base/random.ts';
import type { PeerAddress, PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { AddressBook } from './address-book.ts';
import type { AddressEntry } from './address-entry.ts';
import { Anchors } from './anchors.ts';
import {
  DIALS_MAX,
  EXTRA_PEER_MS,
  FEELER_INTERVAL_MS,
  FEELER_TIMEOUT_MS,
  GROUP_PATIENCE_MS,
  STALE_HEAD_MS,
} from './limits.ts';
import { type OutboundLink, OutboundLinks, type Purpose } from './outbound-links.ts';
import type { RecordHost } from './record-host.ts';

/** What outbound connections need. */
export interface OutboundDeps {
  readonly book: AddressBook;
  readonly random: Random;
  readonly host: RecordHost & Pick<P2pHost, 'dial'>;
  /** Says goodbye to a peer and closes. */
  readonly disconnect: (peer: PeerId) => void;
  /** False for who is banned, connected, or this node itself. */
  readonly mayDial: (address: PeerAddress, nowMs: number) => boolean;
  /** True when anybody is connected: only then does a dial in vain tell something of the address. */
  readonly isOnline: () => boolean;
}

/** Time before a search that found too few is repeated: twice the first number, then ever more up to the second. */
const IDLE_MS_MIN = 500;
const IDLE_MS_MAX = 30_000;

/** Peers of one network group at most, when no other group has any. */
const GROUP_SHARE_MAX = 4;

/**
 * Chooses whom to connect to. Each connection of the first `target` goes to another network group; anchors of the last
 * run come first; now and then a feeler finds out whether an address that was only heard of is real, so that the book
 * fills with good ones. When the head stands still, one more peer is tried, and the one that gave least goes.
 */
export class Outbound {
  readonly #target: number;
  readonly #deps: OutboundDeps;
  readonly #anchors: Anchors;
  readonly #links = new OutboundLinks();
  #hasBegun = false;
  /** Since when no address in a new group is to be had. */
  #lonelySinceMs: number | undefined;
  #idleMs = IDLE_MS_MIN;
  #tickMs = 0;
  #feelerMs = 0;
  #headMs = 0;
  /** Until when one more peer than usual is wanted. */
  #extraUntilMs = 0;

  constructor({ target }: { readonly target: number }, deps: OutboundDeps) {
    this.#target = target;
    this.#deps = deps;
    this.#anchors = new Anchors(deps.host);
  }

  /** Dials that are under way. */
  get dials(): number {
    return this.#links.dials;
  }

  /** Connections of ours, feelers included. */
  get links(): number {
    return this.#links.size;
  }

  /** True for a peer that is dialled first after a restart. */
  isAnchor(address: PeerAddress): boolean {
    return this.#anchors.addresses.includes(address);
  }

  /** True while a dial to the address is under way. */
  isDialling(address: PeerAddress): boolean {
    return this.#links.isDialling(address);
  }

  /** A dial was answered. One that the network made by itself counts as a peer. */
  connected(peer: PeerId, address: PeerAddress, nowMs: number): void {
    this.#links.connected(peer, address, nowMs);
  }

  /**
   * The peer has said hello.
   *
   * @returns false when it was only a feeler and may go
   */
  ready(peer: PeerId, nowMs: number): boolean {
    const link = this.#links.get(peer);
    if (link === undefined) return true;
    link.isReady = true;
    this.#deps.book.reached(link.address, nowMs);
    if (link.purpose === 'feeler' && !this.#takesPlace(link)) return false;
    this.#idleMs = IDLE_MS_MIN;
    this.#updateAnchors();
    return true;
  }

  /** A dial was in vain. */
  dialFailed(address: PeerAddress): void {
    this.#links.dialFailed(address);
  }

  /** A connection is over. One that broke off at once rests like a dial in vain. */
  disconnected(peer: PeerId, nowMs: number): void {
    const link = this.#links.remove(peer);
    if (link === undefined) return;
    this.#idleMs = IDLE_MS_MIN;
    if (link.purpose === 'peer' && nowMs - link.sinceMs < GROUP_PATIENCE_MS) {
      this.#deps.book.dialled(link.address, nowMs, true);
    }
  }

  /** The address leads to another chain or to ourselves. */
  forget(address: PeerAddress): void {
    this.#deps.book.forget(address);
    this.#anchors.forget(address);
  }

  /** The node's head moved. */
  headMoved(nowMs: number): void {
    this.#headMs = nowMs;
  }

  /** A peer gave a block that the chain took. */
  gaveBlock(peer: PeerId, nowMs: number): void {
    const link = this.#links.get(peer);
    if (link !== undefined) link.blockMs = nowMs;
  }

  /** There may be somebody to dial who was not there before. */
  searchAgain(): void {
    this.#idleMs = IDLE_MS_MIN;
  }

  /** Does what is due and returns when it wants to be called next. */
  tick(nowMs: number): number {
    if (!this.#hasBegun) this.#begin(nowMs);
    if (nowMs < this.#tickMs) this.#rewind(nowMs);
    this.#tickMs = nowMs;
    this.#links.expire(nowMs);
    this.#reviewHead(nowMs);
    this.#fill(nowMs);
    this.#probe(nowMs);
    return this.#nextMs(nowMs);
  }

  #begin(nowMs: number): void {
    this.#hasBegun = true;
    this.#headMs = nowMs;
    this.#planFeeler(nowMs);
    for (const address of this.#anchors.addresses.slice(0, this.#target)) {
      if (this.#deps.mayDial(address, nowMs)) this.#dial(address, 'peer', nowMs);
    }
  }

  /** Dials until there are as many peers as wanted, each in a network group of its own as long as there are some. */
  #fill(nowMs: number): void {
    while (this.#wanted(nowMs) > 0) {
      if (this.#links.dials >= DIALS_MAX) return;
      const address = this.#deps.book.pick(nowMs, (entry) => this.#isFit(entry, nowMs));
      if (address === undefined) {
        this.#lonelySinceMs ??= nowMs;
        return;
      }
      this.#dial(address, 'peer', nowMs);
    }
    this.#lonelySinceMs = undefined;
  }

  #wanted(nowMs: number): number {
    const extra = nowMs < this.#extraUntilMs ? 1 : 0;
    return this.#target + extra - this.#links.count();
  }

  #isFit({ address, group }: Readonly<AddressEntry>, nowMs: number): boolean {
    const lonelyMs = Math.max(0, nowMs - (this.#lonelySinceMs ?? nowMs));
    const share = Math.min(GROUP_SHARE_MAX, 1 + Math.floor(lonelyMs / GROUP_PATIENCE_MS));
    return this.#links.count(group) < share && this.#isFree(address, nowMs);
  }

  #isFree(address: PeerAddress, nowMs: number): boolean {
    return !this.#links.isDialling(address) && this.#deps.mayDial(address, nowMs);
  }

  /** A feeler in a new group stays when some group has two peers: the younger of them goes. */
  #takesPlace(feeler: OutboundLink): boolean {
    const [youngest] = this.#links.crowded();
    if (youngest === undefined || this.#links.count(feeler.group) > 0) return false;
    feeler.purpose = 'peer';
    this.#deps.disconnect(youngest.peer);
    return true;
  }

  /** Sends a feeler when it is time, at first to where a reached address is in another one's way. */
  #probe(nowMs: number): void {
    for (const { peer, purpose, sinceMs } of this.#links.all()) {
      if (purpose === 'feeler' && nowMs - sinceMs >= FEELER_TIMEOUT_MS) this.#deps.disconnect(peer);
    }
    if (nowMs < this.#feelerMs) return;
    this.#planFeeler(nowMs);
    const { book } = this.#deps;
    const contested = book.contested(nowMs);
    if (contested !== undefined && this.#links.leadsTo(contested)) return book.reached(contested, nowMs);
    const isTest = contested !== undefined && this.#isFree(contested, nowMs);
    const address = isTest ? contested : this.#pickFeeler(nowMs);
    if (address !== undefined && this.#links.dials < DIALS_MAX) this.#dial(address, 'feeler', nowMs);
  }

  /** Where a feeler may find somebody: in a new group, while some group has two peers. */
  #pickFeeler(nowMs: number): PeerAddress | undefined {
    const { book } = this.#deps;
    const isNew = (group: string) => this.#links.count(group) === 0;
    const better =
      this.#links.crowded().length > 0
        ? book.pick(nowMs, ({ address, group }) => isNew(group) && this.#isFree(address, nowMs))
        : undefined;
    return better ?? book.pick(nowMs, ({ address }) => this.#isFree(address, nowMs), 'heard');
  }

  #planFeeler(nowMs: number): void {
    this.#feelerMs = nowMs + FEELER_INTERVAL_MS / 2 + this.#deps.random.below(FEELER_INTERVAL_MS);
  }

  /** Wants one more peer while the head stands still; afterwards the one that gave a block longest ago goes. */
  #reviewHead(nowMs: number): void {
    if (nowMs < this.#extraUntilMs) return;
    if (this.#extraUntilMs > 0 && this.#wanted(nowMs) < 0) {
      const [idlest] = this.#links.ready().toSorted((a, b) => a.blockMs - b.blockMs || b.sinceMs - a.sinceMs);
      if (idlest !== undefined) this.#deps.disconnect(idlest.peer);
    }
    this.#extraUntilMs = nowMs - this.#headMs >= STALE_HEAD_MS ? nowMs + EXTRA_PEER_MS : 0;
  }

  /** A clock that was set back must not make this wait until it has caught up. */
  #rewind(nowMs: number): void {
    this.#headMs = nowMs;
    this.#extraUntilMs = 0;
    this.#lonelySinceMs = undefined;
    this.#planFeeler(nowMs);
  }

  #dial(address: PeerAddress, purpose: Purpose, nowMs: number): void {
    this.#links.dial(address, purpose, nowMs);
    this.#deps.book.dialled(address, nowMs, this.#deps.isOnline());
    this.#deps.host.dial(address);
  }

  #updateAnchors(): void {
    const oldestFirst = this.#links.ready().toSorted((a, b) => a.sinceMs - b.sinceMs);
    this.#anchors.update(oldestFirst.map(({ address }) => address));
  }

  #nextMs(nowMs: number): number {
    const due = [this.#feelerMs];
    if (this.#wanted(nowMs) > 0 || !this.#deps.isOnline()) {
      this.#idleMs = Math.min(IDLE_MS_MAX, 2 * this.#idleMs);
      due.push(nowMs + this.#idleMs);
    }
    const { expiryMs } = this.#links;
    if (expiryMs !== undefined) due.push(expiryMs);
    due.push(nowMs < this.#extraUntilMs ? this.#extraUntilMs : this.#headMs + STALE_HEAD_MS);
    return Math.max(nowMs + 1, Math.min(...due));
  }
}
