/**
 * Bytes that may be given away: as many a second in the long run, some more at once. It may go below zero by the last
 * gift, so that one larger than the burst is possible, and is paid for after.
 */
export class Allowance {
  readonly #bytesPerMs: number;
  readonly #burst: number;
  #bytes: number;
  #filledMs: number | undefined;

  constructor(bytesPerSecond: number, burst: number) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
    this.#burst = burst;
    this.#bytes = burst;
  }

  /** How long until something may be given: 0 for now. */
  waitMs(nowMs: number): number {
    // A clock that was set back fills nothing.
    const passedMs = Math.max(0, nowMs - (this.#filledMs ?? nowMs));
    this.#filledMs = nowMs;
    this.#bytes = Math.min(this.#burst, this.#bytes + passedMs * this.#bytesPerMs);
    return this.#bytes > 0 ? 0 : Math.ceil((1 - this.#bytes) / this.#bytesPerMs);
  }

  /** Takes what was given. */
  take(bytes: number): void {
    this.#bytes -= bytes;
  }
}
