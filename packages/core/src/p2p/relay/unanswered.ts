import { Scores } from '../peers/scores.ts';
import { FAILURES_FREE, UNANSWERED_MAX } from './limits.ts';
import type { RelayPeer } from './relay-peer.ts';

/**
 * How often each peer has left requests for transactions without any answer, which outlives its link: otherwise who
 * announces what it never gives would end the link in time and begin anew. Counted by peer and by machine; any answer
 * clears both, however late, so that a slow link is not taken for a lie; and with each minute one is forgotten.
 */
export class Unanswered {
  readonly #counts = new Scores({ entriesMax: UNANSWERED_MAX });

  /** Names under which something is remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /** A peer has come: it, or another one of its machine, may have failed before. */
  recall(peer: RelayPeer, nowMs: number): void {
    peer.failures = Math.ceil(Math.max(...peer.names.map((name) => this.#counts.of(name, nowMs))));
  }

  /**
   * A request was left, made at `sentMs`. What was asked before the last failure was noticed is part of it: a link that
   * stands still for a moment fails once, however much was asked over it.
   *
   * @returns true when it is held against the peer
   */
  count(peer: RelayPeer, sentMs: number, nowMs: number): boolean {
    if (sentMs < peer.failedMs) return false;
    peer.failedMs = nowMs;
    peer.failures += 1;
    return Math.max(...peer.names.map((name) => this.#counts.add(name, 1, nowMs))) > FAILURES_FREE;
  }

  /** A peer has answered, in time or not. */
  answered(peer: RelayPeer): void {
    if (peer.failures > 0) for (const name of peer.names) this.#counts.forget(name);
  }
}
