import type { MessageKind } from '@calin/core/p2p/messages/message.ts';

/** What went over the wire in one direction. */
export interface TrafficCount {
  messages: number;
  bytes: number;
}

/** Frames that are of no known kind. */
export type TrafficKind = MessageKind | 'unknown';

/** Counts messages and their bytes by kind; the kinds are a closed set, so it does not grow. */
export class Traffic {
  readonly sent = new Map<TrafficKind, TrafficCount>();
  readonly received = new Map<TrafficKind, TrafficCount>();

  /** Counts one message. */
  count(direction: 'sent' | 'received', kind: TrafficKind, bytes: number): void {
    const counts = this[direction];
    const count = counts.get(kind) ?? { messages: 0, bytes: 0 };
    count.messages += 1;
    count.bytes += bytes;
    counts.set(kind, count);
  }
}
