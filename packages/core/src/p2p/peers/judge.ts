import type { Refusal } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { Bans } from './bans.ts';
import { BAN_MS, BAN_POINTS, SCORES_MAX } from './limits.ts';
import { type NetworkPlace, namesOf } from './network-place.ts';
import { Scores } from './scores.ts';

/**
 * Adds up what peers do wrong, by peer and by machine, and bans at {@link BAN_POINTS}. The machine counts because a new
 * peer id costs nothing: an offender that comes back under another name goes on where it was.
 */
export class Judge {
  readonly #bans: Bans;
  readonly #scores = new Scores({ entriesMax: SCORES_MAX });

  constructor(bans: Bans) {
    this.#bans = bans;
  }

  /** Peers and machines with a score. */
  get size(): number {
    return this.#scores.size;
  }

  /** The points of a peer or of its machine, whichever has more, rounded up. */
  points(peer: PeerId, place: NetworkPlace | undefined, nowMs: number): number {
    return Math.ceil(Math.max(...namesOf(peer, place).map((key) => this.#scores.of(key, nowMs))));
  }

  /**
   * Holds a refusal against a peer.
   *
   * @param place - where it is connected from; undefined when it no longer is
   * @returns true when it is banned for it
   */
  punish(
    peer: PeerId,
    place: NetworkPlace | undefined,
    { rule, banPoints }: Refusal,
    nowMs: number,
  ): boolean {
    if (banPoints === 0) return false;
    const sums = namesOf(peer, place).map((key) => this.#scores.add(key, banPoints, nowMs));
    if (Math.max(...sums) < BAN_POINTS) return false;
    this.#bans.punish({ peer, place, untilMs: nowMs + BAN_MS, reason: rule }, nowMs);
    return true;
  }

  /** Forgives what led to a ban that was lifted. */
  forgive(target: string): void {
    this.#scores.forget(target);
  }
}
