import type { Clock } from '@calin/core/ports/clock.ts';

/** The longest delay of `setTimeout`; a longer one would fire at once. */
const DELAY_MS_MAX = 2 ** 31 - 1;

/** Where a {@link SystemClock} takes its time from; tests give their own. */
export interface ClockSources {
  /** Milliseconds since 1970, which may jump in both directions. */
  readonly wallMs: () => number;
  /** Milliseconds since some moment, which never go back. */
  readonly steadyMs: () => number;
}

const SYSTEM: ClockSources = { wallMs: () => Date.now(), steadyMs: () => performance.now() };

/**
 * The machine's clock. Its time never goes back: when the wall clock was set back, it goes on at half speed until
 * the wall clock has caught up, so that a slot is never entered twice and no wait becomes endless. A jump forward,
 * as after a machine has slept, is followed at once.
 */
export class SystemClock implements Clock {
  readonly #sources: ClockSources;
  /** How to cancel each. */
  readonly #timers = new Map<string, () => void>();
  #lastMs: number;
  #lastSteadyMs: number;

  constructor(sources: ClockSources = SYSTEM) {
    this.#sources = sources;
    this.#lastMs = sources.wallMs();
    this.#lastSteadyMs = sources.steadyMs();
  }

  /** A whole number of milliseconds. */
  nowMs(): number {
    const steadyMs = this.#sources.steadyMs();
    const slowedMs = this.#lastMs + (steadyMs - this.#lastSteadyMs) / 2;
    const wallMs = this.#sources.wallMs();
    // Going on from the fraction, or many short steps would each round down to none.
    this.#lastMs = wallMs >= this.#lastMs ? wallMs : slowedMs;
    this.#lastSteadyMs = steadyMs;
    return Math.floor(this.#lastMs);
  }

  setTimer(name: string, atMs: number, callback: () => void): void {
    this.clearTimer(name);
    const delayMs = Math.min(atMs - this.nowMs(), DELAY_MS_MAX);
    const fire = (): void => {
      // A timer of the system may be early by a fraction, the clock may have been slowed, the delay cut.
      if (this.nowMs() < atMs) {
        this.setTimer(name, atMs, callback);
        return;
      }
      this.#timers.delete(name);
      callback();
    };
    if (delayMs <= 0) {
      // Not a timeout, which would rest for a millisecond, much of what a turn takes. And twice, for what is set while
      // input is handled runs in that very turn, with what may have taken long enough.
      let turn = setImmediate(() => {
        turn = setImmediate(fire);
      });
      this.#timers.set(name, () => clearImmediate(turn));
      return;
    }
    const timer = setTimeout(fire, Math.ceil(delayMs));
    this.#timers.set(name, () => clearTimeout(timer));
  }

  clearTimer(name: string): void {
    this.#timers.get(name)?.();
    this.#timers.delete(name);
  }

  /** Clears every timer, so that the process can end. */
  close(): void {
    for (const name of [...this.#timers.keys()]) this.clearTimer(name);
  }
}
