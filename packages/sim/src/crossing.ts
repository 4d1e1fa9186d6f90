import { assert } from '@calin/core/base/assert.ts';
import { encodeMessage, type Message } from '@calin/core/p2p/messages/message.ts';
import type { NetworkEvent, PeerId } from '@calin/core/ports/network.ts';
import type { LinkEnd, SimHost } from './link.ts';

/** What goes from one machine to another beside messages; see {@link Connections}. */
export type Signal = 'syn' | 'refused' | 'accepted' | 'opened' | 'ended';

/** The tag of each signal; those of messages follow. */
const SIGNALS: readonly Signal[] = ['syn', 'refused', 'accepted', 'opened', 'ended'];
const MESSAGE = SIGNALS.length;
const FRAME = MESSAGE + 1;
const DELIVERY = FRAME + 1;

/** Tag, time, key, link, and the machine that it comes from or goes to. */
const SIGNAL_BYTES = 1 + 3 * 8 + 2 * 4;
const HEAD_BYTES = 1 + 2 * 4;
const DELIVERY_BYTES = 1 + 3 * 8 + 4;

/** When something arrives, in which order among others of that moment, and on which connection. */
export interface Arrival {
  readonly atUs: number;
  readonly key: number;
  readonly link: number;
}

/** Who takes what comes from another part of the run. */
export interface CrossingReader {
  signal(signal: Signal, arrival: Arrival, from: number, to: number): void;
  event(event: NetworkEvent, arrival: Arrival, from: number, to: number): void;
  /** The name of a machine. */
  nameOf(machine: number): PeerId;
  /** The message of a frame, which is not its own to keep. */
  parse(frame: Uint8Array): Message;
}

/**
 * What leaves one part of a run for another, as bytes, until somebody takes it there. A message to many machines is
 * written once, with the list of those that it goes to.
 */
export class Crossing {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  /** What was written last: deliveries that follow are of it. */
  #last: NetworkEvent | undefined;

  /** Writes a signal from one machine to another. */
  signal(signal: Signal, { atUs, key, link }: Arrival, from: SimHost, to: SimHost): void {
    const at = this.#room(SIGNAL_BYTES);
    this.#view.setUint8(at, SIGNALS.indexOf(signal));
    this.#view.setFloat64(at + 1, atUs);
    this.#view.setFloat64(at + 9, key);
    this.#view.setFloat64(at + 17, link);
    this.#view.setUint32(at + 25, from.number);
    this.#view.setUint32(at + 29, to.number);
  }

  /** Writes what arrives at the other side of a connection. */
  deliver(event: NetworkEvent, atUs: number, key: number, { owner, peer, id }: LinkEnd): void {
    if (event !== this.#last) this.#head(event, owner);
    const at = this.#room(DELIVERY_BYTES);
    this.#view.setUint8(at, DELIVERY);
    this.#view.setFloat64(at + 1, atUs);
    this.#view.setFloat64(at + 9, key);
    this.#view.setFloat64(at + 17, id);
    this.#view.setUint32(at + 25, peer.number);
  }

  /** What has been written since the last time; undefined when that is nothing. Valid until the next write. */
  take(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#last = undefined;
    return taken;
  }

  #head(event: NetworkEvent, from: SimHost): void {
    assert(event.kind === 'message' || event.kind === 'frame', `${event.kind} does not travel`);
    const bytes = event.kind === 'message' ? encodeMessage(event.message) : event.bytes;
    const at = this.#room(HEAD_BYTES + bytes.length);
    this.#view.setUint8(at, event.kind === 'message' ? MESSAGE : FRAME);
    this.#view.setUint32(at + 1, from.number);
    this.#view.setUint32(at + 5, bytes.length);
    this.#bytes.set(bytes, at + HEAD_BYTES);
    this.#last = event;
  }

  /** Makes room for so many bytes; where they go. */
  #room(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#length);
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

/** Reads what {@link Crossing} has written. A message is parsed once for all that it goes to. */
export function readCrossing(bytes: Uint8Array, reader: CrossingReader): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let event: NetworkEvent | undefined;
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const tag = view.getUint8(at);
    if (tag === DELIVERY) {
      assert(event !== undefined, 'a delivery of a message');
      reader.event(event, arrivalAt(view, at), from, view.getUint32(at + 25));
      at += DELIVERY_BYTES;
    } else if (tag < MESSAGE) {
      const signal = SIGNALS[tag] as Signal;
      reader.signal(signal, arrivalAt(view, at), view.getUint32(at + 25), view.getUint32(at + 29));
      at += SIGNAL_BYTES;
    } else {
      from = view.getUint32(at + 1);
      const end = at + HEAD_BYTES + view.getUint32(at + 5);
      event = eventOf(tag, reader, from, bytes.subarray(at + HEAD_BYTES, end));
      at = end;
    }
  }
  assert(at === bytes.length, 'whole records');
}

function arrivalAt(view: DataView, at: number): Arrival {
  return { atUs: view.getFloat64(at + 1), key: view.getFloat64(at + 9), link: view.getFloat64(at + 17) };
}

function eventOf(tag: number, reader: CrossingReader, from: number, bytes: Uint8Array): NetworkEvent {
  const peer = reader.nameOf(from);
  if (tag === FRAME) return { kind: 'frame', peer, bytes: bytes.slice() };
  return { kind: 'message', peer, message: reader.parse(bytes), bytes: bytes.length };
}
