import type { Clock } from '@calin/core/ports/clock.ts';
import type { Agenda, SimEvent } from './clock.ts';

/** One timer: when it is due, and the event in the heap that will look at it. */
interface Timer {
  atMs: number;
  callback: () => void;
  /** When the event in the heap comes; infinite while there is none. */
  eventUs: number;
  /** Counts the events: only the last one counts. */
  generation: number;
}

/**
 * The clock of one node: virtual time on the wall, wrong by as much as its skew says. A timer that is put off keeps
 * its event in the heap, which sets itself again: protocols put their timers off with nearly every message.
 */
export class NodeClock implements Clock {
  readonly #clock: Agenda;
  readonly #epochMs: number;
  readonly #timers = new Map<string, Timer>();
  /** How far this clock is ahead of the true time, in milliseconds. */
  skewMs: number;

  /** @param epochMs - milliseconds since 1970 at the start of the run */
  constructor(clock: Agenda, epochMs: number, skewMs: number) {
    this.#clock = clock;
    this.#epochMs = epochMs;
    this.skewMs = skewMs;
  }

  nowMs(): number {
    return this.#epochMs + this.skewMs + Math.floor(this.#clock.nowUs / 1000);
  }

  setTimer(name: string, atMs: number, callback: () => void): void {
    let timer = this.#timers.get(name);
    if (timer === undefined) {
      timer = { atMs, callback, eventUs: Number.POSITIVE_INFINITY, generation: 0 };
      this.#timers.set(name, timer);
    }
    timer.atMs = atMs;
    timer.callback = callback;
    this.#arm(timer);
  }

  clearTimer(name: string): void {
    const timer = this.#timers.get(name);
    if (timer !== undefined) timer.atMs = Number.POSITIVE_INFINITY;
  }

  /** Clears every timer for good: the machine is off. */
  close(): void {
    for (const timer of this.#timers.values()) timer.generation += 1;
    this.#timers.clear();
  }

  #arm(timer: Timer): void {
    const atUs = Math.max(this.#clock.nowUs, Math.ceil((timer.atMs - this.#epochMs - this.skewMs) * 1000));
    if (timer.eventUs <= atUs) return;
    timer.generation += 1;
    timer.eventUs = atUs;
    this.#clock.schedule(atUs, new TimerEvent(this, timer));
  }

  /** The event of a timer has come, and it is the last one that was put in. */
  due(timer: Timer): void {
    timer.eventUs = Number.POSITIVE_INFINITY;
    if (timer.atMs === Number.POSITIVE_INFINITY) return;
    if (timer.atMs > this.nowMs()) return this.#arm(timer);
    timer.atMs = Number.POSITIVE_INFINITY;
    timer.callback();
  }
}

/** Looks at a timer when it may be due. */
class TimerEvent implements SimEvent {
  readonly #clock: NodeClock;
  readonly #timer: Timer;
  readonly #generation: number;

  constructor(clock: NodeClock, timer: Timer) {
    this.#clock = clock;
    this.#timer = timer;
    this.#generation = timer.generation;
  }

  fire(): void {
    if (this.#timer.generation === this.#generation) this.#clock.due(this.#timer);
  }
}
