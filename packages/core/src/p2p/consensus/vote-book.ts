import { PeerSet } from '../relay/peer-set.ts';
import { VOTES_KEPT, VOTES_KEPT_BYTES, VOTES_KEPT_MS } from './limits.ts';
import { type VoteId, voteKeyAt } from './vote-id.ts';

/** What is known of one vote or certificate. */
export interface KnownVote {
  readonly id: VoteId;
  /** Its bytes, once the own engine has passed it on; until then it came and may be worth nothing. */
  payload: Uint8Array | undefined;
  /** The slots of the peers that have shown that they have it. */
  readonly holders: PeerSet;
  /** When it was last heard of. */
  heardMs: number;
  /** When it last came. */
  cameMs: number;
}

/** The votes and certificates of late; those that were not heard of for longest are forgotten first. */
export class VoteBook {
  readonly #votes = new Map<string, KnownVote>();
  #bytes = 0;

  get size(): number {
    return this.#votes.size;
  }

  /** Finds one, which is heard of by that. */
  hear(id: VoteId, nowMs: number, at = 0): KnownVote | undefined {
    const key = voteKeyAt(id, at);
    const known = this.#votes.get(key);
    if (known === undefined) return undefined;
    known.heardMs = nowMs;
    this.#votes.delete(key);
    this.#votes.set(key, known);
    return known;
  }

  /** Adds one that is not there. */
  add(id: VoteId, nowMs: number): KnownVote {
    const known: KnownVote = {
      id,
      payload: undefined,
      holders: new PeerSet(),
      heardMs: nowMs,
      cameMs: nowMs,
    };
    this.#votes.set(voteKeyAt(id, 0), known);
    this.#tidy(nowMs);
    return known;
  }

  /** Keeps the bytes of one that is there. */
  keep(known: KnownVote, payload: Uint8Array, nowMs: number): void {
    known.payload = payload;
    this.#bytes += payload.length;
    this.#tidy(nowMs);
  }

  /** Forgets what a peer had, for its slot is another one's from now on. */
  free(slot: number): void {
    for (const { holders } of this.#votes.values()) holders.delete(slot);
  }

  #tidy(nowMs: number): void {
    for (const [key, { payload, heardMs }] of this.#votes) {
      const isOver = this.#votes.size > VOTES_KEPT || this.#bytes > VOTES_KEPT_BYTES;
      if (!isOver && heardMs + VOTES_KEPT_MS > nowMs) return;
      this.#votes.delete(key);
      this.#bytes -= payload?.length ?? 0;
    }
  }
}
