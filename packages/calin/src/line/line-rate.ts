import type { LineLimits } from './limits.ts';

/** How many lines a connection may send: a bucket that holds some and fills again with time. */
export class LineRate {
  readonly #perMs: number;
  readonly #max: number;
  #left: number;
  #filledMs: number;

  constructor({ linesPerSecond, linesAtOnce }: LineLimits, nowMs: number) {
    this.#perMs = linesPerSecond / 1000;
    this.#max = linesAtOnce;
    this.#left = linesAtOnce;
    this.#filledMs = nowMs;
  }

  /** Takes one; false when none is left. */
  take(nowMs: number): boolean {
    this.#left = Math.min(this.#max, this.#left + (nowMs - this.#filledMs) * this.#perMs);
    this.#filledMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
