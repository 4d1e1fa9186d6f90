import { concatBytes } from '../../base/bytes.ts';
import type { PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import { VOTE_ID_BYTES, VOTE_IDS_MAX } from '../messages/limits.ts';
import { RELAY_PEERS_MAX } from '../relay/limits.ts';
import { ANNOUNCE_DELAY_MS, VOTE_AGAIN_MS, VOTES_KEPT } from './limits.ts';
import { type KnownVote, VoteBook } from './vote-book.ts';
import { voteId } from './vote-id.ts';
import { VotePeer } from './vote-peer.ts';
import { VoteWants } from './vote-wants.ts';

/** What spreading votes needs of the engine. */
export interface VoteReader {
  readonly engine: number;
  message(payload: Uint8Array, from: PeerId): void;
  /** Whose vote these bytes are that the engine has passed on, by place in the set; undefined for a certificate. */
  voterOf(payload: Uint8Array): number | undefined;
}

/** See {@link VoteReader}. */
export interface VoteSpreadDependencies {
  readonly host: Pick<P2pHost, 'send' | 'wake'>;
  readonly voting: VoteReader;
}

/**
 * Brings votes to everybody, to each node about once. A validator sends its own votes to all its peers; who passes one
 * on announces its name to the peers that have not shown that they have it, and they ask for it. A peer that has asked
 * for two votes of one validator nearly in a row is sent its next ones at once, for a while: so there grows, for each
 * validator, a tree of the quickest ways to those that are not its peers, and announcements mend it where it breaks.
 *
 * What an engine says again is announced again. Who hears for the second time that somebody has a vote tells its own
 * engine, for whoever says it again may be behind.
 */
export class VoteSpread {
  readonly #deps: VoteSpreadDependencies;
  readonly #book = new VoteBook();
  readonly #wants: VoteWants;
  readonly #peers = new Map<PeerId, VotePeer>();
  readonly #slots: (VotePeer | undefined)[] = [];
  #announceMs = Number.POSITIVE_INFINITY;

  constructor(dependencies: VoteSpreadDependencies) {
    const { host } = dependencies;
    this.#deps = dependencies;
    this.#wants = new VoteWants({
      request: (peer, ids) => host.send(peer, { kind: 'vote-request', ids }),
      isConnected: (peer) => this.#peers.get(peer.id) === peer,
      wake: (atMs) => host.wake(atMs),
    });
  }

  /** What strangers' messages have filled: for tests and metrics. */
  get counts(): { readonly votes: number; readonly wanted: number; readonly peers: number } {
    return { votes: this.#book.size, wanted: this.#wants.size, peers: this.#peers.size };
  }

  /** A peer that finds no slot, among more than a node ever has, is told nothing of votes. */
  join(id: PeerId): void {
    this.leave(id);
    const free = this.#slots.indexOf(undefined);
    const slot = free < 0 ? this.#slots.length : free;
    if (slot >= RELAY_PEERS_MAX) return;
    const peer = new VotePeer(id, slot);
    this.#slots[slot] = peer;
    this.#peers.set(id, peer);
  }

  leave(id: PeerId): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    this.#peers.delete(id);
    this.#slots[peer.slot] = undefined;
    this.#book.free(peer.slot);
  }

  /** The engine passes something on that came `from` a peer, or says something itself, perhaps again. */
  broadcast(payload: Uint8Array, from: PeerId | undefined, nowMs: number): void {
    const id = voteId(payload);
    const known = this.#book.hear(id, nowMs) ?? this.#book.add(id, nowMs);
    const giver = from === undefined ? undefined : this.#peers.get(from);
    if (giver !== undefined) known.holders.add(giver.slot);
    const isNew = known.payload === undefined;
    if (isNew) this.#book.keep(known, payload, nowMs);
    const voter = isNew ? this.#deps.voting.voterOf(payload) : undefined;
    for (const peer of this.#peers.values()) {
      if (known.holders.has(peer.slot)) continue;
      const isSent = voter !== undefined && (peer.follows(voter) || from === undefined);
      if (isSent) this.#send(peer, payload);
      else this.#announce(peer, known, nowMs);
    }
  }

  /** A peer has sent something. The engine is spared what it has had from somebody else. */
  take(payload: Uint8Array, from: PeerId, nowMs: number): void {
    const id = voteId(payload);
    const peer = this.#peers.get(from);
    if (peer !== undefined) this.#wants.came(id, peer);
    const known = this.#book.hear(id, nowMs) ?? this.#book.add(id, nowMs);
    const isHeld = known.payload !== undefined;
    const isAgain = peer === undefined || known.holders.has(peer.slot);
    known.cameMs = nowMs;
    if (peer !== undefined) known.holders.add(peer.slot);
    if (!isHeld || isAgain) this.#deps.voting.message(payload, from);
  }

  /** A peer has these. */
  announced(ids: Uint8Array, from: PeerId, nowMs: number): void {
    const peer = this.#peers.get(from);
    if (peer === undefined) return;
    let repeated: Uint8Array | undefined;
    for (let at = 0; at < ids.length; at += VOTE_ID_BYTES) {
      const known = this.#book.hear(ids, nowMs, at);
      // What the engine did not pass on may be of use to it later.
      const isHere =
        known !== undefined && (known.payload !== undefined || nowMs < known.cameMs + VOTE_AGAIN_MS);
      if (!isHere) this.#wants.add(ids.slice(at, at + VOTE_ID_BYTES), peer, nowMs);
      if (known !== undefined) repeated ??= this.#hearAgain(known, peer);
    }
    this.#wants.ask(nowMs);
    // One of them is enough to see that the peer is behind, and to check a vote takes long.
    if (repeated !== undefined) this.#deps.voting.message(repeated, from);
  }

  /** A peer asks for these. */
  asked(ids: Uint8Array, from: PeerId, nowMs: number): void {
    const peer = this.#peers.get(from);
    if (peer === undefined) return;
    for (let at = 0; at < ids.length; at += VOTE_ID_BYTES) {
      const payload = this.#book.hear(ids, nowMs, at)?.payload;
      if (payload === undefined || peer.allowance.waitMs(nowMs) > 0) continue;
      peer.allowance.take(payload.length);
      const voter = this.#deps.voting.voterOf(payload);
      if (voter !== undefined) peer.asked(voter);
      this.#send(peer, payload);
    }
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#announceMs) this.#flush();
    this.#wants.tick(nowMs);
  }

  /** A vote of which the peer says, for the second time, that it has it. */
  #hearAgain(known: KnownVote, { slot }: VotePeer): Uint8Array | undefined {
    const { payload, holders } = known;
    const isAgain = holders.has(slot);
    holders.add(slot);
    return isAgain && payload !== undefined && this.#deps.voting.voterOf(payload) !== undefined
      ? payload
      : undefined;
  }

  #announce(peer: VotePeer, known: KnownVote, nowMs: number): void {
    if (peer.announced.length < VOTES_KEPT) peer.announced.push(known);
    if (this.#announceMs < Number.POSITIVE_INFINITY) return;
    this.#announceMs = nowMs + ANNOUNCE_DELAY_MS;
    this.#deps.host.wake(this.#announceMs);
  }

  /** Announces what has gathered, to those who have not shown meanwhile that they have it. */
  #flush(): void {
    this.#announceMs = Number.POSITIVE_INFINITY;
    for (const peer of this.#peers.values()) {
      const news = peer.announced.filter(({ holders }) => !holders.has(peer.slot)).map(({ id }) => id);
      peer.announced = [];
      for (let i = 0; i < news.length; i += VOTE_IDS_MAX) {
        const ids = concatBytes(...news.slice(i, i + VOTE_IDS_MAX));
        this.#deps.host.send(peer.id, { kind: 'vote-announce', ids });
      }
    }
  }

  #send({ id }: VotePeer, payload: Uint8Array): void {
    this.#deps.host.send(id, { kind: 'consensus', engine: this.#deps.voting.engine, payload });
  }
}
