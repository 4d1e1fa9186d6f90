import type { NodeEffect } from '@calin/core/node/effects.ts';
import type { NodeEvent, TimerName } from '@calin/core/node/events.ts';
import { Node } from '@calin/core/node/node.ts';
import { compactBlockCodec } from '@calin/core/p2p/messages/blocks.ts';
import { sharedMs } from '../measure/shared-clock.ts';

/** Milliseconds of processor time that a node's steps took on this thread, by the kind of event. */
type StepTimes = Partial<Record<Exclude<NodeEvent['type'], 'timer'> | TimerName, number>>;

/** What the steps of a node took. */
export interface StepReport {
  readonly times: StepTimes;
  /** Processor time of the longest one: nothing else happens on the thread meanwhile. */
  readonly longestMs: number;
  /** When the first compact block came; see measure/shared-clock.ts. Undefined when none has. */
  readonly compactMs: number | undefined;
}

/** The node itself, with a clock at its door. */
export class TimedNode extends Node {
  #times: StepTimes = {};
  #longestMs = 0;
  #headMs = 0;
  #compactMs: number | undefined;

  /** When the step ended that moved the head last; see measure/shared-clock.ts. */
  get headMs(): number {
    return this.#headMs;
  }

  override step(event: NodeEvent, wallMs: number): readonly NodeEffect[] {
    if (this.#compactMs === undefined && isCompactBlock(event)) this.#compactMs = sharedMs();
    const start = process.threadCpuUsage();
    const { head } = this.chain;
    const effects = super.step(event, wallMs);
    if (this.chain.head !== head) this.#headMs = sharedMs();
    const { user, system } = process.threadCpuUsage(start);
    const kind = event.type === 'timer' ? event.name : event.type;
    const stepMs = (user + system) / 1000;
    this.#times[kind] = (this.#times[kind] ?? 0) + stepMs;
    this.#longestMs = Math.max(this.#longestMs, stepMs);
    return effects;
  }

  /** The steps since the last call. */
  takeReport(): StepReport {
    const report = { times: this.#times, longestMs: this.#longestMs, compactMs: this.#compactMs };
    this.#times = {};
    this.#compactMs = undefined;
    this.#longestMs = 0;
    return report;
  }
}

function isCompactBlock(event: NodeEvent): boolean {
  return (
    event.type === 'network' && event.event.kind === 'frame' && event.event.bytes[0] === compactBlockCodec.tag
  );
}
