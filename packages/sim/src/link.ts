import type { Lane, NetworkEvent, PeerId } from '@calin/core/ports/network.ts';

/** A machine in the network: its name is what the transport proves and where it is dialled. */
export interface SimHost {
  readonly name: PeerId;
  /** Index of its region. */
  readonly region: number;
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

/** One side of a connection. */
export class LinkEnd {
  readonly owner: SimHost;
  readonly other: LinkEnd;
  readonly latencyUs: number;
  /** When the last message of each lane to the other side arrives. */
  readonly lastUs: Record<Lane, number> = { urgent: 0, bulk: 0 };
  isOpen = true;

  constructor(owner: SimHost, peer: SimHost, latencyUs: number, other?: LinkEnd) {
    this.owner = owner;
    this.latencyUs = latencyUs;
    this.other = other ?? new LinkEnd(peer, owner, latencyUs, this);
  }

  /** Takes nothing any more, and forgets the connection. */
  shut(): void {
    this.isOpen = false;
    const { ends } = this.owner;
    const peer = this.other.owner.name;
    if (ends.get(peer) === this) ends.delete(peer);
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
