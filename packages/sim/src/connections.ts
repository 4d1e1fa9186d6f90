import type { NetworkEvent, PeerAddress, PeerId } from '@calin/core/ports/network.ts';
import type { Signal } from './crossing.ts';
import type { Dice } from './dice.ts';
import { LinkEnd, type SimHost } from './link.ts';

/** How long a dial is tried that nothing answers. */
const DIAL_TIMEOUT_US = 10_000_000;

/** How long it takes to see that nobody can be dialled there. */
const NO_ADDRESS_US = 100_000;

/** Dials of one machine: the number of a connection is its dialler's, then how many that one has made. */
const LINKS_MAX = 2 ** 32;

/** What a dial needs of the network. */
export interface SignalPorts {
  /** The machine of a name, on or off; undefined when there never is one. */
  find(name: PeerAddress): SimHost | undefined;
  isUp(host: SimHost): boolean;
  canReach(a: SimHost, b: SimHost): boolean;
  latencyUs(a: SimHost, b: SimHost): number;
  /** The dice for what a machine sends. */
  diceOf(host: SimHost): Dice;
  /** Sends a signal, which arrives after the latency of the link, or later. */
  signal(signal: Signal, from: SimHost, to: SimHost, link: number, delayUs: number): void;
}

/** What one machine is dialling. */
interface Dialler {
  readonly dials: Map<PeerId, number>;
  made: number;
}

/**
 * How connections come to be, by signals that take their time, so that no machine looks into another: `syn` asks, the
 * other side says `accepted` or `refused`, and `opened` confirms. Both sides hear of the connection after a round trip
 * and a half. Of two that dial each other at once the lower number wins. `ended` ends it, from either side.
 */
export class Connections {
  readonly #ports: SignalPorts;
  readonly #diallers = new Map<SimHost, Dialler>();

  constructor(ports: SignalPorts) {
    this.#ports = ports;
  }

  /** Dials; the host hears `connected` or `dial-failed`. */
  dial(from: SimHost, address: PeerAddress): void {
    const target = this.#ports.find(address);
    const dialler = this.#dialler(from);
    const isPossible =
      target !== undefined && target !== from && !from.ends.has(address) && !dialler.dials.has(address);
    if (!isPossible) return tell(from, NO_ADDRESS_US, { kind: 'dial-failed', address });
    dialler.made += 1;
    const link = from.number * LINKS_MAX + dialler.made;
    dialler.dials.set(address, link);
    after(from, DIAL_TIMEOUT_US, () => this.#fail(from, address, link));
    // Nobody answers behind a partition.
    if (this.#ports.canReach(from, target)) this.#signal('syn', from, target, link);
  }

  /** Takes a signal that has arrived. */
  receive(signal: Signal, from: SimHost, to: SimHost, link: number): void {
    switch (signal) {
      case 'syn':
        return this.#asked(from, to, link);
      case 'refused':
        return this.#fail(to, from.name, link);
      case 'accepted':
        return this.#accepted(from, to, link);
      case 'opened':
        return this.#opened(from, to, link);
      case 'ended': {
        const end = to.ends.get(from.name);
        if (end?.id === link) this.end(end);
      }
    }
  }

  /** Ends a side of a connection, and tells its owner. */
  end(end: LinkEnd): void {
    end.shut();
    if (end.isTold) end.owner.receive({ kind: 'disconnected', peer: end.peer.name });
  }

  /** Forgets what a machine that was switched off has dialled. */
  forget(host: SimHost): void {
    this.#diallers.get(host)?.dials.clear();
  }

  #asked(from: SimHost, to: SimHost, link: number): void {
    if (!this.#ports.canReach(from, to)) return;
    const isCrossed = to.number < from.number && this.#dialler(to).dials.has(from.name);
    if (!this.#ports.isUp(to) || !to.accepts() || isCrossed) return this.#signal('refused', to, from, link);
    // The other side has closed the old connection, and this one has not heard of it yet.
    const stale = to.ends.get(from.name);
    if (stale !== undefined) this.end(stale);
    this.#createEnd(to, from, link);
    this.#signal('accepted', to, from, link);
  }

  #accepted(from: SimHost, to: SimHost, link: number): void {
    const { dials } = this.#dialler(to);
    // It was switched off meanwhile, or has given up, or the network was divided.
    const isWanted =
      dials.get(from.name) === link && !to.ends.has(from.name) && this.#ports.canReach(from, to);
    if (!isWanted) return this.#signal('ended', to, from, link);
    dials.delete(from.name);
    const end = this.#createEnd(to, from, link);
    const other = from.ends.get(to.name);
    if (other?.id === link) {
      end.twin = other;
      other.twin = end;
    }
    this.#signal('opened', to, from, link);
    after(to, end.latencyUs, () => {
      if (end.isOpen) this.#tellConnected(end, 'outbound');
      else to.receive({ kind: 'dial-failed', address: from.name });
    });
  }

  #opened(from: SimHost, to: SimHost, link: number): void {
    const end = to.ends.get(from.name);
    if (end?.id === link) this.#tellConnected(end, 'inbound');
  }

  #tellConnected(end: LinkEnd, direction: 'inbound' | 'outbound'): void {
    end.isTold = true;
    const { name } = end.peer;
    end.owner.receive({ kind: 'connected', peer: name, address: name, direction });
  }

  #fail(host: SimHost, address: PeerAddress, link: number): void {
    const { dials } = this.#dialler(host);
    if (dials.get(address) !== link) return;
    dials.delete(address);
    host.receive({ kind: 'dial-failed', address });
  }

  #createEnd(owner: SimHost, peer: SimHost, id: number): LinkEnd {
    const latencyUs = this.#ports.latencyUs(owner, peer);
    return new LinkEnd(owner, peer, { id, latencyUs, dice: this.#ports.diceOf(owner) });
  }

  #dialler(host: SimHost): Dialler {
    let dialler = this.#diallers.get(host);
    if (dialler === undefined) {
      dialler = { dials: new Map(), made: 0 };
      this.#diallers.set(host, dialler);
    }
    return dialler;
  }

  #signal(signal: Signal, from: SimHost, to: SimHost, link: number): void {
    this.#ports.signal(signal, from, to, link, this.#ports.latencyUs(from, to));
  }
}

/** Tells a host something after a while, unless it is switched off before. */
export function tell(host: SimHost, delayUs: number, event: NetworkEvent): void {
  after(host, delayUs, () => host.receive(event));
}

function after(host: SimHost, delayUs: number, happen: () => void): void {
  const { agenda, epoch } = host;
  const fire = () => {
    if (host.epoch === epoch) happen();
  };
  agenda.schedule(agenda.nowUs + delayUs, { fire });
}
