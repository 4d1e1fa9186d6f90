import { concatBytes } from '../../base/bytes.ts';
import type { PeerId } from '../../ports/network.ts';
import { VOTE_IDS_MAX } from '../messages/limits.ts';
import {
  GIVERS_MAX,
  HESITATE_MS,
  LOOK_FOR_LATE_MS,
  VOTE_WAIT_MS,
  VOTES_WANTED_LATE_MAX,
  VOTES_WANTED_MAX,
} from './limits.ts';
import { type VoteId, voteKeyAt } from './vote-id.ts';
import type { VotePeer } from './vote-peer.ts';

/** A vote that others have and this node lacks. */
interface Want {
  readonly id: VoteId;
  /** Who announced it first. */
  readonly first: VotePeer;
  /** Who may still be asked, in the order of their announcements. */
  givers: readonly VotePeer[];
  asked: VotePeer | undefined;
  /** When somebody is asked, or somebody else. */
  dueMs: number;
}

/** What asking for votes needs. */
export interface VoteWantsDependencies {
  /** Sends a request for these names. */
  request(peer: PeerId, ids: Uint8Array): void;
  isConnected(peer: VotePeer): boolean;
  wake(atMs: number): void;
}

/** Asks for votes that were announced, each of one peer at a time. */
export class VoteWants {
  readonly #deps: VoteWantsDependencies;
  readonly #wants = new Map<string, Want>();
  /** Those that are to be asked for at once. */
  #fresh: Want[] = [];
  #lookMs = Number.POSITIVE_INFINITY;

  constructor(dependencies: VoteWantsDependencies) {
    this.#deps = dependencies;
  }

  get size(): number {
    return this.#wants.size;
  }

  /** A peer has this one; {@link ask} follows. */
  add(id: VoteId, peer: VotePeer, nowMs: number): void {
    const key = voteKeyAt(id, 0);
    const want = this.#wants.get(key);
    if (want !== undefined) return this.#addGiver(want, peer);
    if (peer.wanted >= (peer.isLate ? VOTES_WANTED_LATE_MAX : VOTES_WANTED_MAX)) return;
    peer.wanted += 1;
    const dueMs = peer.isLate ? nowMs + HESITATE_MS : nowMs;
    const added: Want = { id, first: peer, givers: [peer], asked: undefined, dueMs };
    this.#wants.set(key, added);
    if (!peer.isLate) this.#fresh.push(added);
    else this.#look(nowMs);
  }

  #addGiver(want: Want, peer: VotePeer): void {
    const { givers, asked } = want;
    if (asked === peer || givers.includes(peer)) return;
    // The first one has not answered lately: here is a better one.
    const isBetter = asked === undefined && !peer.isLate;
    if (isBetter && !this.#fresh.includes(want)) this.#fresh.push(want);
    want.givers = isBetter ? [peer, ...givers].slice(0, GIVERS_MAX) : [...givers, peer].slice(0, GIVERS_MAX);
  }

  /** It came, from whomever. */
  came(id: VoteId, from: VotePeer): void {
    const key = voteKeyAt(id, 0);
    const want = this.#wants.get(key);
    if (want === undefined) return;
    if (want.asked === from) from.isLate = false;
    this.#drop(key, want);
  }

  /** Asks for what was added. */
  ask(nowMs: number): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    this.#request(fresh, nowMs);
  }

  /** Asks others for what did not come, and lets go of what nobody has. */
  tick(nowMs: number): void {
    if (nowMs < this.#lookMs) return;
    this.#lookMs = Number.POSITIVE_INFINITY;
    this.#request(
      [...this.#wants.values()].filter(({ dueMs }) => dueMs <= nowMs),
      nowMs,
    );
    if (this.#wants.size > 0) this.#look(nowMs);
  }

  #request(due: readonly Want[], nowMs: number): void {
    const requests = new Map<VotePeer, VoteId[]>();
    for (const want of due) if (!this.#ask(want, requests, nowMs)) this.#drop(voteKeyAt(want.id, 0), want);
    for (const [peer, ids] of requests) {
      for (let i = 0; i < ids.length; i += VOTE_IDS_MAX) {
        this.#deps.request(peer.id, concatBytes(...ids.slice(i, i + VOTE_IDS_MAX)));
      }
    }
    if (requests.size > 0) this.#look(nowMs);
  }

  #look(nowMs: number): void {
    if (this.#lookMs < Number.POSITIVE_INFINITY) return;
    this.#lookMs = nowMs + LOOK_FOR_LATE_MS;
    this.#deps.wake(this.#lookMs);
  }

  /** Finds the next one to ask; false when there is none. */
  #ask(want: Want, requests: Map<VotePeer, VoteId[]>, nowMs: number): boolean {
    if (want.asked !== undefined) want.asked.isLate = true;
    const [next, ...others] = want.givers.filter((giver) => this.#deps.isConnected(giver));
    if (next === undefined) return false;
    [want.asked, want.givers, want.dueMs] = [next, others, nowMs + VOTE_WAIT_MS];
    const ids = requests.get(next);
    if (ids === undefined) requests.set(next, [want.id]);
    else ids.push(want.id);
    return true;
  }

  #drop(key: string, want: Want): void {
    this.#wants.delete(key);
    want.first.wanted -= 1;
  }
}
