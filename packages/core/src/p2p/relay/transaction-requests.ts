import { bytesKey } from '../../base/bytes-key.ts';
import { FewMap } from '../../base/few-map.ts';
import type { Hash } from '../../crypto/hash.ts';
import { TXIDS_MAX } from '../messages/limits.ts';
import {
  REQUESTED_PER_PEER_MAX,
  REQUESTED_PER_PEER_MIN,
  TRANSACTION_TIMEOUT_MS,
  WANTED_PER_PEER_MAX,
} from './limits.ts';
import type { Orphan } from './orphans.ts';
import type { RelayPeer } from './relay-peer.ts';
import type { RelayPeers } from './relay-peers.ts';
import { Unanswered } from './unanswered.ts';
import { Wanted } from './wanted.ts';

/** What a peer was asked for. */
export interface TransactionRequest {
  readonly peer: RelayPeer;
  readonly wanted: readonly Wanted[];
  readonly sentMs: number;
  readonly deadlineMs: number;
  /** The transactions asked for are its parents: they are handed over together with it. */
  readonly orphan: Orphan | undefined;
}

/** What requests need from outside. */
export interface RequestDependencies {
  readonly peers: RelayPeers;
  send(peer: RelayPeer, request: number, txids: readonly Hash[]): void;
}

/**
 * Who is asked for which transaction: one peer at a time for each, another one when that one does not deliver. A peer
 * that keeps failing is asked for ever less, and never before one that delivers; an outbound peer, which this node has
 * chosen itself, before an inbound one.
 *
 * @see Bitcoin Core, txrequest.h, which solves the same with delays
 */
export class TransactionRequests {
  readonly #peers: RelayPeers;
  readonly #send: RequestDependencies['send'];
  readonly #wanted = new FewMap<string, Wanted>();
  /** By number, which is the order of the deadlines. */
  readonly #requests = new FewMap<number, TransactionRequest>();
  readonly #unanswered = new Unanswered();
  #lastRequest = 0;

  constructor({ peers, send }: RequestDependencies) {
    this.#peers = peers;
    this.#send = send;
  }

  /** Transactions that are wanted. */
  get count(): number {
    return this.#wanted.size;
  }

  /** Places in the queues of all peers. */
  get queued(): number {
    let queued = 0;
    for (const { queue } of this.#peers.all()) queued += queue.length;
    return queued;
  }

  /** Peers and machines of which it is remembered that they have left requests. */
  get failing(): number {
    return this.#unanswered.size;
  }

  /** When the oldest request runs out; undefined when there is none. */
  get deadlineMs(): number | undefined {
    return this.#requests.first?.[1].deadlineMs;
  }

  /**
   * Notes that a peer has a transaction which this node lacks. It is asked for by the next {@link ask}.
   *
   * @param key - see bytesKey
   */
  announced(peer: RelayPeer, txid: Hash, key: string): void {
    let wanted = this.#wanted.get(key);
    if (wanted?.announcers.has(peer.slot) === true) return;
    if (peer.wantedCount >= WANTED_PER_PEER_MAX[peer.direction]) return;
    if (wanted === undefined) {
      wanted = new Wanted(txid, key);
      this.#wanted.set(key, wanted);
    }
    wanted.announcers.add(peer.slot);
    peer.wantedCount += 1;
    if (!wanted.isRequested && this.#isBetter(peer, this.#peers.at(wanted.askedOf))) enqueue(wanted, peer);
  }

  /** Asks a peer for what stands in its queue, as far as its limit goes. */
  ask(peer: RelayPeer, nowMs: number): void {
    let room = limitOf(peer) - peer.requested;
    while (room > 0 && peer.queue.length > 0) {
      const taken = peer.queue.splice(0, Math.min(room, TXIDS_MAX));
      // It may stand there twice, when it went to another peer and came back.
      const wanted = taken.filter((one) => isQueuedAt(one, peer) && markRequested(one));
      if (wanted.length > 0) this.#request(peer, wanted, undefined, nowMs);
      room -= wanted.length;
    }
  }

  /** Asks a peer for the parents of an orphan, but for those that are being asked for anyway. */
  askParents(peer: RelayPeer, orphan: Orphan, parents: readonly Hash[], nowMs: number): void {
    const wanted: Wanted[] = [];
    for (const txid of parents) {
      const key = bytesKey(txid);
      if (this.#wanted.has(key) || peer.requested + wanted.length >= limitOf(peer)) continue;
      const parent = new Wanted(txid, key);
      parent.askedOf = peer.slot;
      markRequested(parent);
      parent.announcers.add(peer.slot);
      peer.wantedCount += 1;
      this.#wanted.set(key, parent);
      wanted.push(parent);
    }
    if (wanted.length > 0) this.#request(peer, wanted, orphan, nowMs);
  }

  /**
   * Takes the answer to a request.
   *
   * @returns the request; `late` when it has run out; undefined when this peer never got it
   */
  answered(peer: RelayPeer, number: number): TransactionRequest | 'late' | undefined {
    const request = this.#requests.get(number);
    if (request?.peer !== peer && number > peer.lastRequest) return undefined;
    this.#unanswered.answered(peer);
    if (request?.peer !== peer) return 'late';
    this.#requests.delete(number);
    peer.requested -= request.wanted.length;
    peer.failures = 0;
    return request;
  }

  /** Ends the search for a transaction; what was known of it, if it was wanted. */
  finish(txid: Hash): Wanted | undefined {
    const wanted = this.#wanted.get(bytesKey(txid));
    if (wanted !== undefined) this.#drop(wanted);
    return wanted;
  }

  /** The search goes on without a peer that did not have the transaction, or sent something else. */
  notFrom(peer: RelayPeer, wanted: Wanted): void {
    if (wanted.isDone || !wanted.announcers.has(peer.slot)) return;
    wanted.announcers.delete(peer.slot);
    peer.wantedCount -= 1;
    if (wanted.askedOf === peer.slot) this.#place(wanted);
  }

  /** The search goes on, with the same peer or another one. */
  again(wanted: Wanted): void {
    if (!wanted.isDone) this.#place(wanted);
  }

  /** True of a transaction that has been announced and not received. */
  isWanted(key: string): boolean {
    return this.#wanted.has(key);
  }

  /** The transaction with this id, if it is wanted. */
  find(txid: Hash): Wanted | undefined {
    return this.#wanted.get(bytesKey(txid));
  }

  /**
   * Gives up on requests that have run out; what they were for is put into the queues of others.
   *
   * @returns the peers that this is held against
   */
  expire(nowMs: number): readonly RelayPeer[] {
    const failing: RelayPeer[] = [];
    for (const [number, { peer, wanted, sentMs, deadlineMs }] of this.#requests) {
      if (deadlineMs > nowMs) break;
      this.#requests.delete(number);
      peer.requested -= wanted.length;
      const isBlamed = this.#unanswered.count(peer, sentMs, nowMs);
      for (const one of wanted) this.notFrom(peer, one);
      this.#leave(peer);
      if (isBlamed) failing.push(peer);
    }
    return failing;
  }

  /** Asks everybody who has something in the queue. */
  askAll(nowMs: number): void {
    for (const peer of this.#peers.all()) if (peer.queue.length > 0) this.ask(peer, nowMs);
  }

  /** A peer has come. */
  addPeer(peer: RelayPeer, nowMs: number): void {
    this.#unanswered.recall(peer, nowMs);
  }

  /**
   * Forgets a peer that has lost its slot; what it was asked for is put into the queues of others.
   *
   * @returns true when it is held against it that it left while it was asked for something
   */
  removePeer(peer: RelayPeer, nowMs: number): boolean {
    let isBlamed = false;
    for (const [number, { peer: asked, sentMs }] of this.#requests) {
      if (asked !== peer) continue;
      this.#requests.delete(number);
      if (this.#unanswered.count(peer, sentMs, nowMs)) isBlamed = true;
    }
    peer.queue = [];
    if (peer.wantedCount > 0) for (const wanted of this.#wanted.values()) this.notFrom(peer, wanted);
    return isBlamed;
  }

  #request(peer: RelayPeer, wanted: readonly Wanted[], orphan: Orphan | undefined, nowMs: number): void {
    this.#lastRequest = (this.#lastRequest + 1) >>> 0;
    peer.requested += wanted.length;
    peer.lastRequest = this.#lastRequest;
    const deadlineMs = nowMs + TRANSACTION_TIMEOUT_MS;
    this.#requests.set(this.#lastRequest, { peer, wanted, sentMs: nowMs, deadlineMs, orphan });
    this.#send(
      peer,
      this.#lastRequest,
      wanted.map(({ txid }) => txid),
    );
  }

  /** Hands what stands in a failing peer's queue to others that have it. */
  #leave(peer: RelayPeer): void {
    const queue = peer.queue.filter((wanted) => isQueuedAt(wanted, peer));
    peer.queue = [];
    for (const wanted of queue) this.#place(wanted);
  }

  /** Puts a transaction into the queue of the best peer that has it; drops it when there is none. */
  #place(wanted: Wanted): void {
    let best: RelayPeer | undefined;
    wanted.announcers.forEach((slot) => {
      const peer = this.#peers.at(slot);
      if (peer !== undefined && this.#isBetter(peer, best)) best = peer;
    });
    if (best === undefined) this.#drop(wanted);
    else enqueue(wanted, best);
  }

  #drop(wanted: Wanted): void {
    wanted.isDone = true;
    this.#wanted.delete(wanted.key);
    wanted.announcers.forEach((slot) => {
      const peer = this.#peers.at(slot);
      if (peer !== undefined) peer.wantedCount -= 1;
    });
  }

  /** Who is asked first: who does not fail, then who has room, then who was chosen by this node. */
  #isBetter(peer: RelayPeer, other: RelayPeer | undefined): boolean {
    if (other === undefined) return true;
    if (peer.failures !== other.failures) return peer.failures < other.failures;
    const [isFull, isOtherFull] = [peer.requested >= limitOf(peer), other.requested >= limitOf(other)];
    if (isFull !== isOtherFull) return isOtherFull;
    return peer.isOutbound && !other.isOutbound;
  }
}

function enqueue(wanted: Wanted, peer: RelayPeer): void {
  wanted.askedOf = peer.slot;
  wanted.isRequested = false;
  peer.queue.push(wanted);
  // What others took over or delivered stays behind in the queue; it must not pile up there.
  if (peer.queue.length > 2 * WANTED_PER_PEER_MAX[peer.direction]) {
    peer.queue = peer.queue.filter((one) => isQueuedAt(one, peer));
  }
}

function isQueuedAt(wanted: Wanted, peer: RelayPeer): boolean {
  return !wanted.isDone && !wanted.isRequested && wanted.askedOf === peer.slot;
}

function markRequested(wanted: Wanted): true {
  wanted.isRequested = true;
  return true;
}

function limitOf({ failures }: RelayPeer): number {
  return Math.max(REQUESTED_PER_PEER_MIN, REQUESTED_PER_PEER_MAX >>> Math.min(failures, 16));
}
