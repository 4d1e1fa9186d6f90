import type { NodeEffect } from '@calin/core/node/effects.ts';
import type { NodeEvent, TimerName } from '@calin/core/node/events.ts';
import { Node } from '@calin/core/node/node.ts';

/** Milliseconds of processor time that a node's steps took on this thread, by the kind of event. */
export type StepTimes = Partial<Record<Exclude<NodeEvent['type'], 'timer'> | TimerName, number>>;

/** The node itself, with a clock at its door. */
export class TimedNode extends Node {
  #times: StepTimes = {};

  override step(event: NodeEvent, wallMs: number): readonly NodeEffect[] {
    const start = process.threadCpuUsage();
    const effects = super.step(event, wallMs);
    const { user, system } = process.threadCpuUsage(start);
    const kind = event.type === 'timer' ? event.name : event.type;
    this.#times[kind] = (this.#times[kind] ?? 0) + (user + system) / 1000;
    return effects;
  }

  /** The times since the last call. */
  takeTimes(): StepTimes {
    const times = this.#times;
    this.#times = {};
    return times;
  }
}
