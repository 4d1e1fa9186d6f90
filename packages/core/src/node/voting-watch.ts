import type { VotingProgress } from '../consensus/voting/voting-engine.ts';
import type { Outbox } from './outbox.ts';

/** How long votes may go on without a final block before the log says so, and doubled each time it says so again. */
const STUCK_MS = 10_000;

/** The longest time between two such messages. */
const STUCK_MS_MAX = 600_000;

/** How often it is looked where the votes stand, which takes a while where there are many validators. */
const LOOK_MS = 500;

/** Notices when votes do not come to an end, and says so: too many validators are away, or cannot be reached. */
export class VotingWatch {
  readonly #outbox: Outbox;
  #finalHeight = -1;
  #isVoting = false;
  #sinceMs = 0;
  #sayMs = 0;
  #waitMs = STUCK_MS;
  #isStuck = false;
  #lookMs = Number.NEGATIVE_INFINITY;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Since when votes are cast that made nothing final yet. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Looks at where the votes stand, if it is time to; may be called in every step. */
  look(votes: { readonly progress: VotingProgress | undefined }, finalHeight: number, nowMs: number): void {
    // A clock that was set back must not stop it.
    if (finalHeight === this.#finalHeight && nowMs < this.#lookMs && nowMs > this.#lookMs - LOOK_MS) return;
    this.#lookMs = nowMs + LOOK_MS;
    const { progress } = votes;
    if (finalHeight !== this.#finalHeight) this.#wentOn(finalHeight, nowMs);
    if ((progress !== undefined) !== this.#isVoting) {
      this.#isVoting = progress !== undefined;
      this.#begin(nowMs);
    }
    if (progress === undefined || nowMs < this.#sayMs) return;
    this.#isStuck = true;
    const { height, round, heard, quorum } = progress;
    const fields = { height, round: round ?? 'none', heard, quorum, seconds: this.#seconds(nowMs) };
    this.#outbox.log('warn', 'voting', 'no block becomes final: too few validators are heard', fields);
    this.#waitMs = Math.min(STUCK_MS_MAX, 2 * this.#waitMs);
    this.#sayMs = nowMs + this.#waitMs;
  }

  #wentOn(finalHeight: number, nowMs: number): void {
    if (this.#isStuck)
      this.#outbox.log('info', 'voting', 'blocks become final again', { height: finalHeight });
    this.#isStuck = false;
    this.#finalHeight = finalHeight;
    this.#begin(nowMs);
  }

  #begin(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#waitMs = STUCK_MS;
    this.#sayMs = nowMs + STUCK_MS;
  }

  #seconds(nowMs: number): number {
    return Math.round((nowMs - this.#sinceMs) / 1000);
  }
}
