import { assert } from '@calin/core/base/assert.ts';
import type { VirtualClock } from '../clock.ts';
import type { Dice } from '../dice.ts';
import { type LinkFaults, NO_FAULTS } from '../link-faults.ts';
import type { Traffic } from '../traffic.ts';
import type { StudyStation } from './study-machine.ts';

/** What every message takes from one machine to another: all times of a run are multiples of it. */
export const MESSAGE_US = 10_000;

/** Under faults a message takes up to so much longer, and one that comes late up to this. */
const JITTER_US = 20_000;
const LATE_US = 1_000_000;

/** A message that is on its way, for those who look on. */
export interface Flight<M> {
  readonly from: StudyStation<M>;
  readonly to: StudyStation<M>;
  readonly message: M;
  readonly sentUs: number;
}

/** What a {@link StudyNetwork} works with. */
export interface StudyNetworkDependencies<M> {
  readonly clock: VirtualClock;
  readonly dice: Dice;
  readonly traffic: Traffic;
  readonly kindOf: (message: M) => string;
  readonly bytesOf: (message: M) => number;
  /** Told of every message that arrives, before the machine is. */
  readonly arrived: (flight: Flight<M>) => void;
}

/**
 * Datagrams between machines: any of them may be lost, doubled, late or out of order, which is all that both protocols
 * assume. Without faults each takes {@link MESSAGE_US}.
 */
export class StudyNetwork<M> {
  faults: LinkFaults = NO_FAULTS;
  readonly #deps: StudyNetworkDependencies<M>;
  readonly #stations = new Map<number, StudyStation<M>[]>();
  #partOf: ((station: StudyStation<M>) => number) | undefined;

  constructor(deps: StudyNetworkDependencies<M>) {
    this.#deps = deps;
  }

  /** Makes a machine known; twins are known under one number. */
  add(station: StudyStation<M>): void {
    const there = this.#stations.get(station.number) ?? [];
    assert(
      there.every(({ isTwin }) => isTwin && station.isTwin),
      `there is a machine ${station.number} already`,
    );
    this.#stations.set(station.number, [...there, station]);
  }

  /** Divides the network; undefined heals it. */
  partition(partOf: ((station: StudyStation<M>) => number) | undefined): void {
    this.#partOf = partOf;
  }

  get isDivided(): boolean {
    return this.#partOf !== undefined;
  }

  /** Sends a message to whoever is reached under a number. */
  send(from: StudyStation<M>, number: number, message: M): void {
    for (const to of this.#stations.get(number) ?? []) {
      if ((from.isTwin || to.isTwin) && from.side !== to.side) continue;
      this.#deps.traffic.sent(this.#deps.kindOf(message), this.#deps.bytesOf(message));
      this.#carry(from, to, message);
    }
  }

  #carry(from: StudyStation<M>, to: StudyStation<M>, message: M): void {
    const { clock, dice } = this.#deps;
    const flight: Flight<M> = { from, to, message, sentUs: clock.nowUs };
    if (this.#partOf !== undefined && this.#partOf(from) !== this.#partOf(to)) return;
    const { lossPpm, duplicatePpm, reorderPpm } = this.faults;
    if (dice.hits(lossPpm)) return;
    const isBad = this.faults !== NO_FAULTS;
    const atUs = clock.nowUs + MESSAGE_US + (isBad ? dice.below(JITTER_US) : 0);
    this.#deliver(atUs + (dice.hits(reorderPpm) ? dice.below(LATE_US) : 0), flight);
    if (dice.hits(duplicatePpm)) this.#deliver(atUs + dice.below(LATE_US), flight);
  }

  #deliver(atUs: number, flight: Flight<M>): void {
    const fire = () => {
      this.#deps.arrived(flight);
      flight.to.receive(flight.from.number, flight.message);
    };
    this.#deps.clock.schedule(atUs, { fire });
  }
}
