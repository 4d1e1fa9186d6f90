import type { Moment } from './checkers/checker.ts';
import { seedOf } from './dice.ts';
import type { LogLine } from './log.ts';
import { type PartSummary, summarizePart } from './part-summary.ts';
import type { RunSetup } from './run-setup.ts';
import type { Stage } from './scenarios/scenario.ts';
import type { PartOptions } from './world.ts';

/** So often all parts have come to the same time, and every fifth time the checkers look: finality takes longer. */
export const TURN_US = 1_000_000;
const WATCH_TURNS = 5;

/** What one part of a run has to say when a turn is over: plain data. */
export interface TurnNews {
  readonly lines: readonly LogLine[];
  /** What each checker sees; undefined when they do not look. */
  readonly sights: readonly unknown[] | undefined;
}

/** What one part of a run has to say when all is over: plain data. */
export interface FinalNews {
  readonly sights: readonly unknown[];
  readonly summary: PartSummary;
}

/**
 * One part of a run, with a clock of its own: the machines of some regions. What leaves it for other parts is asked
 * for, as bytes, by whoever runs the parts, and given to them before their clocks come to when it arrives.
 */
export class SimPart {
  readonly stage: Stage;

  constructor(
    { scenario, consensus, seed, nodes, durationUs, log, carries, signatures }: RunSetup,
    part: PartOptions,
  ) {
    this.stage = scenario.stage({
      consensus,
      seed: seedOf(seed),
      nodes,
      durationUs,
      log,
      carries,
      signatures,
      part,
    });
  }

  /** How far it is. */
  get nowUs(): number {
    return this.stage.cluster.world.clock.nowUs;
  }

  /** When its next event is due; infinite when none waits. */
  get nextUs(): number {
    return this.stage.cluster.world.clock.nextUs;
  }

  /**
   * Lets events happen up to a moment, that one included, but at most so many of them.
   *
   * @returns false when it has stopped before for their number
   */
  runUntil(untilUs: number, eventsMax?: number): boolean {
    return this.stage.cluster.world.clock.runUntil(untilUs, eventsMax);
  }

  /** What has left for another part since the last time; valid until more happens here. */
  takeOutgoing(part: number): Uint8Array | undefined {
    return this.stage.cluster.world.network.takeOutgoing(part);
  }

  /** Takes what has left another part for this one, and holds on to nothing of the bytes. */
  takeIncoming(bytes: Uint8Array): void {
    this.stage.cluster.world.network.takeIncoming(bytes);
  }

  /** What there is to say when a turn is over, from 1 on. */
  endTurn(turn: number): TurnNews {
    const lines = this.stage.cluster.world.log.take();
    return { lines, sights: turn % WATCH_TURNS === 0 ? this.#look('watch') : undefined };
  }

  /** What there is to say when the last turn is over. */
  finish(): FinalNews {
    return { sights: this.#look('finish'), summary: summarizePart(this.stage) };
  }

  #look(moment: Moment): readonly unknown[] {
    const { checkers, cluster } = this.stage;
    return checkers.map((checker) => checker.look(cluster, moment));
  }
}
