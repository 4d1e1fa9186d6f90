import type { Flight } from './study-network.ts';

/** A message in a picture. */
export interface RecordedFlight {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly text: string;
  readonly sentUs: number;
  readonly arrivedUs: number;
}

/** Something that happened at one machine. */
export interface RecordedMark {
  readonly machine: string;
  readonly kind: 'decided' | 'suspects' | 'leads' | 'off';
  readonly atUs: number;
}

/** What happened in a stretch of a run. */
export interface RecordedScene {
  readonly title: string;
  readonly flights: readonly RecordedFlight[];
  readonly marks: readonly RecordedMark[];
}

/** Messages of one picture: more cannot be told apart. */
const FLIGHTS_MAX = 75;

/** What is sent all the time and says nothing new. */
const DULL = new Set(['heartbeat', 'heartbeat-reply', 'status']);

/** Keeps what is worth a picture: how a run begins, and the first change of the leader after something was decided. */
export class FlightRecorder<M> {
  readonly #kindOf: (message: M) => string;
  readonly #describe: (message: M) => string;
  readonly #scenes: { title: string; flights: RecordedFlight[]; marks: RecordedMark[] }[] = [];
  #hasDecided = false;

  constructor(kindOf: (message: M) => string, describe: (message: M) => string) {
    this.#kindOf = kindOf;
    this.#describe = describe;
    this.#begin('How it begins');
  }

  /** Up to two, those in which something was sent. */
  get scenes(): readonly RecordedScene[] {
    return this.#scenes.filter(({ flights }) => flights.length > 0);
  }

  arrived({ from, to, message, sentUs }: Flight<M>, arrivedUs: number): void {
    const kind = this.#kindOf(message);
    if (DULL.has(kind)) return;
    const text = this.#describe(message);
    for (const { flights } of this.#scenes) {
      if (flights.length < FLIGHTS_MAX)
        flights.push({ from: from.name, to: to.name, kind, text, sentUs, arrivedUs });
    }
  }

  mark(machine: string, kind: RecordedMark['kind'], atUs: number): void {
    if (kind === 'decided') this.#hasDecided = true;
    if (kind === 'suspects' && this.#hasDecided && this.#scenes.length === 1)
      this.#begin('The first change of the leader');
    for (const { flights, marks } of this.#scenes)
      if (flights.length < FLIGHTS_MAX) marks.push({ machine, kind, atUs });
  }

  #begin(title: string): void {
    this.#scenes.push({ title, flights: [], marks: [] });
  }
}
