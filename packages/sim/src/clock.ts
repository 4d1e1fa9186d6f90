import { assert } from '@calin/core/base/assert.ts';

/** Something that happens at a moment of virtual time. */
export interface SimEvent {
  fire(): void;
}

/** Where events are put in: by the run itself, or by one of its machines. */
export interface Agenda {
  /** Microseconds since the start of the run. */
  readonly nowUs: number;
  /**
   * Puts an event in. One in the past happens next, before time goes on.
   *
   * @param atUs - whole microseconds since the start of the run
   */
  schedule(atUs: number, event: SimEvent): void;
}

/** Who puts events in that belong to no machine: the scenario. Machines have the numbers from 1 on. */
export const THE_RUN = 0;

/** Events that one machine puts in; its number stands above, and both fit into the 53 bits of a number. */
const MACHINE_EVENTS_MAX = 2 ** 36;
const MACHINES_MAX = 2 ** 17;

/** Events that may wait at a time: a message on every link of 5,000 nodes and their timers are far below. */
const EVENTS_MAX = 64_000_000;

/**
 * Events that may happen at one moment: thousands of nodes that all wake for one slot need a hundredth. More are those
 * of something that sets itself again and again, for which time would never go on.
 */
const MOMENT_EVENTS_MAX = 1_000_000;

/** Places of the heap at first; it doubles when they are taken. */
const PLACES_MIN = 1024;

/** Children of a place in the heap: four make it half as deep as two, and their times lie in one cache line. */
const ARITY = 4;

/**
 * Virtual time: a heap of events in the order of their time, for the same time in the order of the machines that put
 * them in, and for the same machine in the order in which it did, so that a run repeats exactly. No order depends on
 * what other machines do at the same time: when a run is divided into parts, each with a clock of its own, the events
 * of every machine keep their order. Time is whole microseconds since the start of the run.
 */
export class VirtualClock implements Agenda {
  #nowUs = 0;
  #size = 0;
  #fired = 0;
  #firedOfRun = 0;
  /** Of {@link #fired}, those before the present moment. */
  #firedBefore = 0;
  readonly #run: MachineAgenda;
  /** Time and key of each place of the heap, side by side. */
  #times = new Float64Array(2 * PLACES_MIN);
  /**
   * Where the event of each place lies in {@link #events}; behind the heap follow the free ones. Numbers move about in
   * the heap and events stay where they are: to store a reference costs a collector that knows generations far more.
   */
  #slots = Int32Array.from({ length: PLACES_MIN }, (_, i) => i);
  readonly #events: (SimEvent | undefined)[] = [];

  constructor() {
    this.#run = this.agenda(THE_RUN);
  }

  /** Microseconds since the start of the run. */
  get nowUs(): number {
    return this.#nowUs;
  }

  /** Events that wait. */
  get size(): number {
    return this.#size;
  }

  /** Events that have happened. */
  get fired(): number {
    return this.#fired;
  }

  /** Those of them that the run has put in. */
  get firedOfRun(): number {
    return this.#firedOfRun;
  }

  /** When the next event is due; infinite when none waits. */
  get nextUs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  /** Where one machine puts its events in. */
  agenda(machine: number): MachineAgenda {
    return new MachineAgenda(machine, this);
  }

  /** Puts an event of the run itself in. */
  schedule(atUs: number, event: SimEvent): void {
    this.#run.schedule(atUs, event);
  }

  /** Puts an event in under the key that its machine gave it; see {@link MachineAgenda.nextKey}. */
  put(atUs: number, key: number, event: SimEvent): void {
    assert(Number.isSafeInteger(atUs), 'not a moment: microseconds are whole');
    assert(this.#size < EVENTS_MAX, 'more events than any network makes');
    if (this.#size === this.#slots.length) this.#grow();
    const slot = this.#slots[this.#size] as number;
    this.#events[slot] = event;
    this.#rise(this.#size++, Math.max(atUs, this.#nowUs), key, slot);
  }

  /** Lets events happen up to a moment, that one included, and stands there; at most `eventsMax` of them. */
  runUntil(untilUs: number, eventsMax = Number.POSITIVE_INFINITY): boolean {
    const times = () => this.#times[0] as number;
    for (let events = 0; this.#size > 0 && times() <= untilUs; events++) {
      if (events >= eventsMax) return false;
      this.#enter(times());
      if ((this.#times[1] as number) < MACHINE_EVENTS_MAX) this.#firedOfRun += 1;
      this.#pop().fire();
    }
    this.#nowUs = Math.max(this.#nowUs, untilUs);
    return true;
  }

  /** Comes to the moment of an event. */
  #enter(atUs: number): void {
    if (atUs > this.#nowUs) this.#firedBefore = this.#fired;
    assert(
      this.#fired - this.#firedBefore < MOMENT_EVENTS_MAX,
      'time goes on: nothing sets itself again for ever',
    );
    this.#nowUs = atUs;
    this.#fired += 1;
  }

  #grow(): void {
    const places = this.#slots.length;
    const times = new Float64Array(4 * places);
    times.set(this.#times);
    this.#times = times;
    const slots = Int32Array.from({ length: 2 * places }, (_, i) => i);
    slots.set(this.#slots);
    this.#slots = slots;
  }

  /** Moves a hole at a place up until its parent is earlier, and fills it. */
  #rise(place: number, atUs: number, key: number, slot: number): void {
    const times = this.#times;
    let at = place;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      const parentUs = times[2 * parent] as number;
      if (parentUs < atUs || (parentUs === atUs && (times[2 * parent + 1] as number) < key)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#fill(at, atUs, key, slot);
  }

  #pop(): SimEvent {
    const slots = this.#slots;
    const first = slots[0] as number;
    const event = this.#events[first] as SimEvent;
    this.#events[first] = undefined;
    this.#size -= 1;
    const last = this.#size;
    if (last > 0)
      this.#sink(this.#times[2 * last] as number, this.#times[2 * last + 1] as number, slots[last] as number);
    slots[last] = first;
    return event;
  }

  /** Moves the hole at the top down until its children are later, and fills it. */
  #sink(atUs: number, key: number, slot: number): void {
    const times = this.#times;
    let at = 0;
    for (;;) {
      const child = this.#earliestChild(at);
      if (child === undefined) break;
      const childUs = times[2 * child] as number;
      if (childUs > atUs || (childUs === atUs && (times[2 * child + 1] as number) > key)) break;
      this.#move(child, at);
      at = child;
    }
    this.#fill(at, atUs, key, slot);
  }

  #earliestChild(at: number): number | undefined {
    const times = this.#times;
    const first = ARITY * at + 1;
    if (first >= this.#size) return undefined;
    const end = Math.min(first + ARITY, this.#size);
    let best = first;
    for (let child = first + 1; child < end; child++) {
      const childUs = times[2 * child] as number;
      const bestUs = times[2 * best] as number;
      if (childUs > bestUs) continue;
      if (childUs < bestUs || (times[2 * child + 1] as number) < (times[2 * best + 1] as number))
        best = child;
    }
    return best;
  }

  #move(from: number, to: number): void {
    this.#fill(
      to,
      this.#times[2 * from] as number,
      this.#times[2 * from + 1] as number,
      this.#slots[from] as number,
    );
  }

  #fill(place: number, atUs: number, key: number, slot: number): void {
    this.#times[2 * place] = atUs;
    this.#times[2 * place + 1] = key;
    this.#slots[place] = slot;
  }
}

/** What one machine puts into the clock. */
export class MachineAgenda implements Agenda {
  readonly #clock: VirtualClock;
  #lastKey: number;

  /** @param machine - its number, {@link THE_RUN} or from 1 on */
  constructor(machine: number, clock: VirtualClock) {
    assert(Number.isInteger(machine) && machine >= 0 && machine < MACHINES_MAX, `no machine ${machine}`);
    this.#clock = clock;
    this.#lastKey = machine * MACHINE_EVENTS_MAX;
  }

  get nowUs(): number {
    return this.#clock.nowUs;
  }

  schedule(atUs: number, event: SimEvent): void {
    this.#clock.put(atUs, this.nextKey(), event);
  }

  /** The key of the next event: the machine's number, then how many it has put in. */
  nextKey(): number {
    this.#lastKey += 1;
    return this.#lastKey;
  }
}
