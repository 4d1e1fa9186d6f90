import type { Lane, NetworkEvent, PeerId } from '@calin/core/ports/network.ts';
import type { MachineAgenda } from './clock.ts';
import type { Dice } from './dice.ts';

/** A machine in the network: its name is what the transport proves and where it is dialled. */
export interface SimHost {
  readonly name: PeerId;
  /** From 1 on, and no other machine's; see {@link MachineAgenda}. */
  readonly number: number;
  /** Index of its region. */
  readonly region: number;
  /** The part of the run in which it works: in others it is only known to be there. */
  readonly part: number;
  readonly agenda: MachineAgenda;
  readonly uplink: Uplink;
  /** Its side of each of its connections, by peer. */
  readonly ends: Map<PeerId, LinkEnd>;
  /** Counts its starts: what was meant for the machine before it crashed does not reach it after. */
  readonly epoch: number;
  /** False while it takes no connection. */
  accepts(): boolean;
  /** Takes what comes from the network. */
  receive(event: NetworkEvent): void;
}

/** What both sides of a connection agree on, with the dice of the side that holds this. */
export interface LinkTerms {
  /** No other connection's: what was sent on an old one does not arrive on the next. */
  readonly id: number;
  readonly latencyUs: number;
  readonly dice: Dice;
}

/** One side of a connection. */
export class LinkEnd {
  readonly owner: SimHost;
  readonly peer: SimHost;
  readonly id: number;
  readonly latencyUs: number;
  /** What is thrown for what its owner sends. */
  readonly dice: Dice;
  /** When the last urgent message to the other side arrives. */
  urgentUs = 0;
  /** The same for what is not urgent. */
  bulkUs = 0;
  /** The other side, where it is in the same part of the run. */
  twin: LinkEnd | undefined;
  /** False from the moment on at which the connection has ended here. */
  isOpen = true;
  /** True when its owner has heard of the connection. */
  isTold = false;

  constructor(owner: SimHost, peer: SimHost, { id, latencyUs, dice }: LinkTerms) {
    this.owner = owner;
    this.peer = peer;
    this.id = id;
    this.latencyUs = latencyUs;
    this.dice = dice;
    owner.ends.set(peer.name, this);
  }

  /** When a message arrives that could be there at `atUs`: not before the last one of its lane. */
  inOrder(atUs: number, lane: Lane): number {
    if (lane === 'urgent') {
      this.urgentUs = Math.max(atUs, this.urgentUs);
      return this.urgentUs;
    }
    this.bulkUs = Math.max(atUs, this.bulkUs);
    return this.bulkUs;
  }

  /** Takes nothing any more, and forgets the connection. */
  shut(): void {
    this.isOpen = false;
    const { ends } = this.owner;
    if (ends.get(this.peer.name) === this) ends.delete(this.peer.name);
  }
}

/**
 * What a host can send in a second, as one queue: bulk waits for all, urgent only for what is urgent. A bulk message
 * that has begun is not cut in two, but frames are small next to what a link carries in the time of its latency.
 */
export class Uplink {
  readonly bytesPerSecond: number;
  #urgentUs = 0;
  #bulkUs = 0;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Bytes of both lanes that have not left yet. */
  waitingBytes(nowUs: number): number {
    const waitingUs = Math.max(this.#urgentUs, this.#bulkUs) - nowUs;
    return waitingUs <= 0 ? 0 : (waitingUs * this.bytesPerSecond) / 1_000_000;
  }

  /** When the last byte of a message leaves that is sent now. */
  departUs(bytes: number, lane: Lane, nowUs: number): number {
    const sendingUs = Math.ceil((bytes * 1_000_000) / this.bytesPerSecond);
    if (lane === 'urgent') {
      this.#urgentUs = Math.max(this.#urgentUs, nowUs) + sendingUs;
      // What is urgent takes its share from what is not.
      if (this.#bulkUs > nowUs) this.#bulkUs += sendingUs;
      return this.#urgentUs;
    }
    this.#bulkUs = Math.max(this.#bulkUs, this.#urgentUs, nowUs) + sendingUs;
    return this.#bulkUs;
  }
}
