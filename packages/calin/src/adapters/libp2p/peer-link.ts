import type { Refusal } from '@calin/core/base/result.ts';
import type { Connection, Stream } from '@libp2p/interface';
import { refuseAdapter } from '../../rules.ts';
import { FrameReader } from './frame-reader.ts';
import {
  BULK_FRAME_BYTES_MAX,
  CLOSE_MS_MAX,
  FRAME_MS_MAX,
  FRAME_STALLED_MS,
  QUEUE_BYTES_MAX,
  QUEUE_FRAMES_MAX,
  URGENT_FRAME_BYTES_MAX,
} from './limits.ts';
import { updateWindowSeldom } from './seldom-window-updates.ts';
import { SendLane } from './send-lane.ts';

/** The two streams that a link keeps open, and who opened them. */
export interface LinkStreams {
  readonly peer: string;
  /** The peer that opened both streams: which of two links stays depends on it. */
  readonly opener: string;
  readonly connection: Connection;
  readonly urgent: Stream;
  readonly bulk: Stream;
}

/** What a link tells. */
export interface LinkEvents {
  frame(link: PeerLink, bytes: Uint8Array): void;
  /** More memory is held for a frame that is not whole. */
  held(): void;
  /** The link is of no use any more, by a rule if one was broken; told once, never after {@link PeerLink.close}. */
  broken(link: PeerLink, why: string, rule?: Refusal): void;
}

/** One stream as it is read. */
interface Inlet {
  readonly reader: FrameReader;
  /** When the frame that is not whole began. */
  sinceMs: number | undefined;
}

/** Two kept streams to one peer: small and timely messages on one, bodies on the other. */
export class PeerLink {
  readonly streams: LinkStreams;
  readonly openedMs = performance.now();
  readonly #events: LinkEvents;
  readonly #urgent: SendLane;
  readonly #bulk: SendLane;
  readonly #inlets: Inlet[] = [];
  #isOpen = true;
  #hasBroughtFrame = false;

  constructor(streams: LinkStreams, events: LinkEvents) {
    this.streams = streams;
    this.#events = events;
    const failed = (error: unknown) => this.break(error instanceof Error ? error.message : String(error));
    this.#urgent = new SendLane(streams.urgent, failed);
    this.#bulk = new SendLane(streams.bulk, failed);
  }

  /** The peer at the other end. */
  get peer(): string {
    return this.streams.peer;
  }

  /** Memory held for frames that have not arrived whole. */
  get heldBytes(): number {
    return this.#inlets.reduce((sum, { reader }) => sum + reader.heldBytes, 0);
  }

  /** When the oldest frame that is not whole began; infinite when there is none. */
  get unfinishedSinceMs(): number {
    return Math.min(...this.#inlets.map(({ sinceMs }) => sinceMs ?? Number.POSITIVE_INFINITY));
  }

  /** Begins to read. Separate from the constructor, since the first frame may be there already. */
  open(): void {
    this.#read(this.streams.urgent, URGENT_FRAME_BYTES_MAX);
    this.#read(this.streams.bulk, BULK_FRAME_BYTES_MAX);
  }

  /** Puts a frame into the queue of a lane; the link breaks when too much waits already. */
  send(bytes: Uint8Array, isUrgent: boolean): void {
    if (!this.#isOpen) return;
    const lanes = [this.#urgent, this.#bulk];
    const waitingBytes = lanes.reduce((sum, lane) => sum + lane.waitingBytes, 0);
    const entries = lanes.reduce((sum, lane) => sum + lane.waitingEntries, 0);
    // A block of the largest size on its way says nothing of a peer that reads it: what waits behind it does.
    const behindBytes = waitingBytes - Math.max(...lanes.map((lane) => lane.firstBytes));
    if (behindBytes > QUEUE_BYTES_MAX || entries > QUEUE_FRAMES_MAX) {
      const { error } = refuseAdapter('network/unread', { got: waitingBytes, expected: QUEUE_BYTES_MAX });
      return this.break(`${waitingBytes} bytes wait to be sent`, error);
    }
    const lane = isUrgent && bytes.length <= URGENT_FRAME_BYTES_MAX ? this.#urgent : this.#bulk;
    lane.add(bytes);
  }

  /** Breaks the link when a frame has taken too long. */
  sweep(nowMs: number): void {
    const waitedMs = nowMs - this.unfinishedSinceMs;
    if (waitedMs <= FRAME_MS_MAX) return;
    const late = refuseAdapter('network/frame-late', { got: Math.round(waitedMs), expected: FRAME_MS_MAX });
    this.break(late.error.message, late.error);
  }

  /** The rule that a peer has broken which has begun a frame some time ago, and brought nothing else. */
  stalled(nowMs: number): Refusal | undefined {
    if (this.#hasBroughtFrame) return undefined;
    const passedMs = nowMs - this.unfinishedSinceMs;
    if (passedMs < FRAME_STALLED_MS) return undefined;
    return refuseAdapter('network/frame-stalled', { got: Math.round(passedMs), expected: FRAME_STALLED_MS })
      .error;
  }

  /** Ends the link for a reason that the peer gave, by a rule when it broke one; what waits is dropped. */
  break(why: string, rule?: Refusal): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#abort(why);
    this.#events.broken(this, why, rule);
  }

  /** Ends the link as asked for: nothing more is read or told, and the urgent lane gets a moment to empty. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#bulk.clear();
    const signal = AbortSignal.timeout(CLOSE_MS_MAX);
    const { urgent } = this.streams;
    // What was queued in this turn reaches the stream after it.
    await Promise.resolve();
    while (this.#urgent.waitingEntries > 0 && urgent.status === 'open' && !signal.aborted) {
      await urgent.onDrain({ signal }).catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
    }
    await urgent.close({ signal }).catch(() => {});
    this.#abort('the link was closed');
  }

  #abort(why: string): void {
    for (const lane of [this.#urgent, this.#bulk]) lane.clear();
    for (const stream of [this.streams.urgent, this.streams.bulk]) stream.abort(new Error(why));
  }

  #read(stream: Stream, frameBytesMax: number): void {
    const inlet: Inlet = { reader: new FrameReader({ frameBytesMax }), sinceMs: undefined };
    this.#inlets.push(inlet);
    // Silence is judged by the protocol, which pings; a lane for bodies may rest for hours.
    stream.inactivityTimeout = Number.POSITIVE_INFINITY;
    updateWindowSeldom(stream);
    stream.addEventListener('message', ({ data }) => {
      for (const bytes of data instanceof Uint8Array ? [data] : data) this.#take(inlet, bytes);
    });
    stream.addEventListener('close', () => this.break('the peer closed a lane'));
    stream.addEventListener('remoteCloseWrite', () => this.break('the peer closed a lane'));
    if (stream.status !== 'open') this.break('the peer closed a lane');
  }

  #take(inlet: Inlet, bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    const frames = inlet.reader.read(bytes);
    if (!frames.ok) return this.break(frames.error.message, frames.error);
    if (frames.value.length > 0) {
      inlet.sinceMs = undefined;
      this.#hasBroughtFrame = true;
    }
    if (inlet.reader.isUnfinished) inlet.sinceMs ??= performance.now();
    // The node may close the link at any of them.
    for (const frame of frames.value) if (this.#isOpen) this.#events.frame(this, frame);
    if (inlet.reader.heldBytes > 0) this.#events.held();
  }
}
