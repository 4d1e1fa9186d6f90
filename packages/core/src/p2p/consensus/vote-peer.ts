import { assert } from '../../base/assert.ts';
import type { PeerId } from '../../ports/network.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { Allowance } from '../sync/allowance.ts';
import { FOLLOW_WITHIN_VOTES, FOLLOWED_VOTES, VOTES_GIVEN_BURST, VOTES_GIVEN_PER_SECOND } from './limits.ts';
import type { KnownVote } from './vote-book.ts';

/** What passing votes on knows of one peer. */
export class VotePeer {
  readonly id: PeerId;
  /** Its bit in sets of peers; another peer may get it when this one is gone. */
  readonly slot: number;
  /** What is going to be announced to it. */
  announced: KnownVote[] = [];
  /** Votes that it has announced first and nobody has given. */
  wanted = 0;
  /** It has left the last request without an answer. */
  isLate = false;
  /** What it may be given when it asks. */
  readonly allowance = new Allowance(VOTES_GIVEN_PER_SECOND, VOTES_GIVEN_BURST);
  /**
   * For each validator: how many of its votes are still sent unasked, beyond FOLLOW_WITHIN_VOTES; up to that, how many
   * votes of it may come before another request makes it so.
   */
  #follows: Uint8Array | undefined;

  constructor(id: PeerId, slot: number) {
    this.id = id;
    this.slot = slot;
  }

  /** The peer has asked for a vote of a validator. */
  asked(voter: number): void {
    assert(voter < VALIDATORS_MAX, 'a validator of a set');
    this.#follows ??= new Uint8Array(VALIDATORS_MAX);
    const isAgain = (this.#follows[voter] as number) > 0;
    this.#follows[voter] = FOLLOW_WITHIN_VOTES + (isAgain ? FOLLOWED_VOTES : 0);
  }

  /** Whether a vote of a validator is sent to the peer unasked; to be asked once for each vote. */
  follows(voter: number): boolean {
    const left = this.#follows?.[voter] ?? 0;
    if (this.#follows === undefined || left === 0) return false;
    this.#follows[voter] = left - 1;
    return left > FOLLOW_WITHIN_VOTES;
  }
}
