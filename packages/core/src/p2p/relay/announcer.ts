import type { Hash } from '../../crypto/hash.ts';
import { TXIDS_MAX } from '../messages/limits.ts';
import { AnnounceLog } from './announce-log.ts';
import { type KnownTransactions, UNKNOWN } from './known-transactions.ts';
import {
  ANNOUNCE_AGAIN_MAX,
  ANNOUNCE_AGAIN_MS,
  ANNOUNCE_AGAIN_PEERS,
  ANNOUNCE_BACKLOG_MAX,
  ANNOUNCE_DELAY_MS,
  ANNOUNCE_MESSAGES_MAX,
} from './limits.ts';
import type { RelayHost } from './relay-host.ts';
import type { RelayPeer } from './relay-peer.ts';
import type { RelayPeers } from './relay-peers.ts';

/** A peer that is told news, while they are gathered. */
interface Audience {
  readonly peer: RelayPeer;
  readonly txids: Hash[];
  /** Where the next announcement goes on. */
  next: number;
}

const NEVER_MS = Number.POSITIVE_INFINITY;

type Direction = 'inbound' | 'outbound';

/** What announcing needs. */
export interface AnnouncerDependencies {
  readonly host: RelayHost;
  readonly relayPeers: RelayPeers;
  readonly known: KnownTransactions;
}

/**
 * Tells peers what is new in the pool: many ids at a time, to each peer those it is not known to have. What stays in
 * the pool for long is told again to a few, for the first announcement may have been lost with the link it went over.
 */
export class Announcer {
  readonly #deps: AnnouncerDependencies;
  readonly #log = new AnnounceLog();
  /** When each kind of peers is told the next time; infinite while there is no news. */
  readonly #atMs: Record<Direction, number> = { inbound: NEVER_MS, outbound: NEVER_MS };
  /** When old news are told again, and which are old then: those before this number. */
  #again: { readonly atMs: number; readonly end: number } | undefined;
  /** Nothing of the log before this number is in the pool; see {@link returned}. */
  #oldest = 0;

  constructor(dependencies: AnnouncerDependencies) {
    this.#deps = dependencies;
  }

  /** A new peer is told what came of late. */
  addPeer(peer: RelayPeer, nowMs: number): void {
    peer.cursor = Math.max(this.#log.start, this.#log.end - ANNOUNCE_BACKLOG_MAX);
    if (peer.cursor < this.#log.end && peer.takesTransactions) this.#schedule(peer, nowMs);
  }

  /** Puts a transaction of the pool into the log, unless it is there. */
  add(txid: Hash, row: number): void {
    const { known } = this.#deps;
    const sequence = known.sequence(row);
    if (sequence < this.#log.start) known.setSequence(row, this.#log.push(txid));
    else this.#oldest = Math.min(this.#oldest, sequence);
  }

  /** Blocks have left the best branch: what was in them may be in the pool again. */
  returned(): void {
    this.#oldest = 0;
  }

  /** Has all peers told of what was added. */
  schedule(nowMs: number): void {
    // Once both kinds of peers are going to be told nobody needs to be looked at.
    if (Math.max(this.#atMs.inbound, this.#atMs.outbound) === NEVER_MS)
      for (const peer of this.#deps.relayPeers.all()) if (peer.takesTransactions) this.#schedule(peer, nowMs);
    if (this.#again === undefined) this.#scheduleAgain(nowMs);
  }

  /** True when a peer has been told of a transaction of the pool, or could have been. */
  isTold(txid: Hash, peer: RelayPeer): boolean {
    const row = this.#deps.known.find(txid);
    return row === UNKNOWN || this.#deps.known.sequence(row) < peer.cursor;
  }

  tick(nowMs: number): void {
    for (const direction of ['outbound', 'inbound'] as const) {
      if (this.#atMs[direction] <= nowMs) this.#announce(direction, nowMs);
    }
    if (this.#again !== undefined && this.#again.atMs <= nowMs) this.#announceAgain(this.#again.end, nowMs);
  }

  #schedule({ direction }: RelayPeer, nowMs: number): void {
    if (this.#atMs[direction] !== NEVER_MS) return;
    const { min, max } = ANNOUNCE_DELAY_MS[direction];
    const atMs = nowMs + this.#deps.host.random.between(min, max);
    this.#atMs[direction] = atMs;
    this.#deps.host.wake(atMs);
  }

  #scheduleAgain(nowMs: number): void {
    const { min, max } = ANNOUNCE_AGAIN_MS;
    this.#again = { atMs: nowMs + this.#deps.host.random.between(min, max), end: this.#log.end };
    this.#deps.host.wake(this.#again.atMs);
  }

  #announce(direction: Direction, nowMs: number): void {
    this.#atMs[direction] = NEVER_MS;
    const audience = this.#audience(direction);
    const { end } = this.#log;
    const start = audience.reduce((least, { peer }) => Math.min(least, peer.cursor), end);
    for (let sequence = start; sequence < end; sequence++) {
      const txid = this.#log.at(sequence);
      // What was mined or displaced meanwhile is no news any more.
      if (this.#deps.host.mempool.has(txid)) this.#gather(audience, txid, sequence);
    }
    for (const { peer, txids, next } of audience) {
      peer.cursor = next;
      for (let at = 0; at < txids.length; at += TXIDS_MAX) this.#send(peer, txids.slice(at, at + TXIDS_MAX));
      if (next < end) this.#schedule(peer, nowMs);
    }
  }

  #audience(direction: Direction): readonly Audience[] {
    const audience: Audience[] = [];
    for (const peer of this.#deps.relayPeers.all()) {
      if (peer.direction !== direction || !peer.takesTransactions) continue;
      peer.cursor = Math.max(peer.cursor, this.#log.start);
      audience.push({ peer, txids: [], next: this.#log.end });
    }
    return audience;
  }

  /** Adds one transaction to the announcements of those who do not have it. */
  #gather(audience: readonly Audience[], txid: Hash, sequence: number): void {
    const { known } = this.#deps;
    const row = known.add(txid);
    for (const one of audience) {
      const { peer, txids } = one;
      if (sequence < peer.cursor || sequence >= one.next || known.isKnownTo(row, peer.slot)) continue;
      if (txids.length >= ANNOUNCE_MESSAGES_MAX * TXIDS_MAX) {
        one.next = sequence;
        continue;
      }
      txids.push(txid);
      known.markKnown(row, peer.slot);
    }
  }

  /** Tells a few peers of what has waited in the pool since the last time: the oldest, if there are very many. */
  #announceAgain(end: number, nowMs: number): void {
    this.#again = undefined;
    const { mempool, random } = this.#deps.host;
    const waiting: Hash[] = [];
    let oldest = end;
    const start = Math.max(this.#oldest, this.#log.start);
    for (let sequence = start; sequence < end && waiting.length < ANNOUNCE_AGAIN_MAX; sequence++) {
      const txid = this.#log.at(sequence);
      if (!mempool.has(txid)) continue;
      if (waiting.length === 0) oldest = sequence;
      waiting.push(txid);
    }
    this.#oldest = oldest;
    if (mempool.size > 0) this.#scheduleAgain(nowMs);
    if (waiting.length === 0) return;
    const peers = random.shuffle([...this.#deps.relayPeers.all()].filter((peer) => peer.takesTransactions));
    for (const peer of peers.slice(0, ANNOUNCE_AGAIN_PEERS)) this.#send(peer, waiting);
  }

  #send({ peer }: RelayPeer, txids: readonly Hash[]): void {
    this.#deps.host.send(peer.id, { kind: 'tx-announce', txids });
  }
}
