import { roundTimeoutMs, type VotesEachTimeouts } from './timeouts.ts';

/** Where a node is in its round; `pause` is the time before round 0. */
export type Step = 'pause' | 'propose' | 'prevote' | 'precommit';

/** What a node waits for, in times of its clock. */
export class Deadlines {
  readonly #timeouts: VotesEachTimeouts;
  #startMs = Number.NEGATIVE_INFINITY;
  #resendMs: number | undefined;
  #propose: number | undefined;
  #prevote: number | undefined;
  #precommit: number | undefined;

  constructor(timeouts: VotesEachTimeouts) {
    this.#timeouts = timeouts;
  }

  /** A height begins: its first round when the blocks' pace allows it. */
  enterHeight(nowMs: number): void {
    this.#startMs = Math.max(nowMs, this.#startMs + this.#timeouts.blockMs);
    this.#resendMs ??= nowMs + this.#timeouts.resendMs;
    [this.#propose, this.#prevote, this.#precommit] = [undefined, undefined, undefined];
  }

  /** A round begins, and with it the wait for its proposal. */
  enterRound(nowMs: number, round: number): void {
    this.#propose = nowMs + roundTimeoutMs(this.#timeouts.proposeMs, this.#timeouts, round);
    [this.#prevote, this.#precommit] = [undefined, undefined];
  }

  /** A quorum voted for different things: begins the wait for the rest, once a round. False when it had begun. */
  waitForVotes(kind: 'prevote' | 'precommit', nowMs: number, round: number): boolean {
    const atMs = nowMs + roundTimeoutMs(this.#timeouts.voteMs, this.#timeouts, round);
    if (kind === 'prevote' ? this.#prevote !== undefined : this.#precommit !== undefined) return false;
    if (kind === 'prevote') this.#prevote = atMs;
    else this.#precommit = atMs;
    return true;
  }

  /** True when the step has lasted long enough; of `precommit` in any step, for it ends the round. */
  isOver(step: Step, nowMs: number): boolean {
    const atMs = this.#of(step);
    return atMs !== undefined && nowMs >= atMs;
  }

  /** True when votes are to be sent again; then from now on in the next interval. */
  takeResend(nowMs: number): boolean {
    if (this.#resendMs === undefined || nowMs < this.#resendMs) return false;
    this.#resendMs = nowMs + this.#timeouts.resendMs;
    return true;
  }

  /** True when the height lasts longer than it should. */
  isHeightLate(nowMs: number): boolean {
    return nowMs >= this.#startMs + this.#timeouts.resendMs;
  }

  /** The earliest time at which something has to be done. */
  next(step: Step): number {
    const others = [this.#of(step), step === 'pause' ? undefined : this.#precommit];
    return others.reduce<number>((least, atMs) => Math.min(least, atMs ?? least), this.#resendMs ?? 0);
  }

  #of(step: Step): number | undefined {
    if (step === 'pause') return this.#startMs;
    if (step === 'propose') return this.#propose;
    return step === 'prevote' ? this.#prevote : this.#precommit;
  }
}
