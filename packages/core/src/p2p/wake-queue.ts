import { assert } from '../base/assert.ts';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** How exact a wake is by how far ahead it lies: the further, the coarser, so that there are few different ones. */
const GRIDS: readonly { readonly aheadMs: number; readonly stepMs: number }[] = [
  { aheadMs: 10 * SECOND_MS, stepMs: 10 },
  { aheadMs: 600 * SECOND_MS, stepMs: SECOND_MS },
  { aheadMs: DAY_MS, stepMs: 60 * SECOND_MS },
];

/**
 * When the protocol wants to be woken. Each time is rounded up to a grid and kept once, so that their number is
 * bounded whatever strangers bring about: a thousand in the next ten seconds, and two thousand more up to a day ahead.
 */
export class WakeQueue {
  /** Ascending. */
  readonly #times: number[] = [];

  /** The earliest time; undefined when there is none. */
  get next(): number | undefined {
    return this.#times[0];
  }

  /** How many times wait. */
  get size(): number {
    return this.#times.length;
  }

  /** Adds a time of at most a day ahead; a later one counts as a day ahead. */
  add(atMs: number, nowMs: number): void {
    assert(Number.isFinite(atMs), `no time: ${atMs}`);
    const aheadMs = Math.min(Math.max(0, atMs - nowMs), DAY_MS);
    const { stepMs } = GRIDS.find((grid) => aheadMs <= grid.aheadMs) as (typeof GRIDS)[number];
    const time = Math.ceil((nowMs + aheadMs) / stepMs) * stepMs;
    const at = this.#indexOf(time);
    if (this.#times[at] !== time) this.#times.splice(at, 0, time);
  }

  /** Takes out every time that has come; true when there was one. */
  take(nowMs: number): boolean {
    const due = this.#indexOf(nowMs + 1);
    if (due === 1) this.#times.shift();
    else this.#times.splice(0, due);
    return due > 0;
  }

  clear(): void {
    this.#times.length = 0;
  }

  /** The first place whose time is not before `time`. */
  #indexOf(time: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
