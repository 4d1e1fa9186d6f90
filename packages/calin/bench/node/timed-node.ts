import type { NodeEffect } from '@calin/core/node/effects.ts';
import type { NodeEvent } from '@calin/core/node/events.ts';
import { Node } from '@calin/core/node/node.ts';

/** Milliseconds that a node's steps took, by the kind of event. */
export type StepTimes = Partial<Record<NodeEvent['type'], number>>;

/** The node itself, with a clock at its door. */
export class TimedNode extends Node {
  #times: StepTimes = {};

  override step(event: NodeEvent, wallMs: number): readonly NodeEffect[] {
    const startMs = performance.now();
    const effects = super.step(event, wallMs);
    this.#times[event.type] = (this.#times[event.type] ?? 0) + performance.now() - startMs;
    return effects;
  }

  /** The times since the last call. */
  takeTimes(): StepTimes {
    const times = this.#times;
    this.#times = {};
    return times;
  }
}
