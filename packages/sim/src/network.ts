import { assert } from '@calin/core/base/assert.ts';
import { encodeMessage, type Message, messageBytes } from '@calin/core/p2p/messages/message.ts';
import type { Lane, NetworkEvent, PeerAddress, PeerId } from '@calin/core/ports/network.ts';
import type { VirtualClock } from './clock.ts';
import type { Dice } from './dice.ts';
import { LinkEnd, type SimHost } from './link.ts';
import type { Regions } from './regions.ts';
import type { Traffic } from './traffic.ts';

/** What may go wrong with messages between peers that are connected, in parts of a million. */
export interface LinkFaults {
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  /** Delivered late, behind messages that were sent after it. */
  readonly reorderPpm: number;
}

/** How a {@link SimNetwork} behaves. */
export interface NetworkOptions {
  readonly regions: Regions;
  /** Each message takes up to so much longer than the regions say, in percent. */
  readonly jitterPercent: number;
  /** `message`: by reference, as fast as can be. `frame`: as bytes, which the receiver parses. */
  readonly carries: 'message' | 'frame';
}

/** No faults at all. */
export const NO_FAULTS: LinkFaults = { lossPpm: 0, duplicatePpm: 0, reorderPpm: 0 };

/** A peer that sends nothing for so long is gone: how long a transport takes to notice. */
const BROKEN_LINK_US = 15_000_000;

/** How long a dial is tried that nothing answers. */
const DIAL_TIMEOUT_US = 10_000_000;

/** A message that comes late comes up to so much later. */
const REORDER_US = 2_000_000;

/** A send queue of a peer above this ends the connection (ports/network.ts). */
const QUEUE_BYTES_MAX = 33_554_432;

/**
 * The network between simulated nodes: latency by region with jitter, one uplink for each node as a queue, loss,
 * doubled and late messages, partitions. Links keep the order of each lane, as streams do, unless told otherwise.
 * Downlinks are as fast as what comes.
 */
export class SimNetwork {
  readonly traffic: Traffic;
  faults: LinkFaults = NO_FAULTS;
  readonly #options: NetworkOptions;
  readonly #clock: VirtualClock;
  readonly #dice: Dice;
  readonly #hosts = new Map<PeerAddress, SimHost>();
  #lastMessage: Message | undefined;
  #lastFrom: SimHost | undefined;
  #lastBytes = 0;
  #lastEvent: NetworkEvent = { kind: 'listening', addresses: [] };
  /** The part of the network a host is in while there is a partition. */
  #partOf: ((host: SimHost) => number) | undefined;

  constructor(
    options: NetworkOptions,
    {
      clock,
      dice,
      traffic,
    }: { readonly clock: VirtualClock; readonly dice: Dice; readonly traffic: Traffic },
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#dice = dice;
    this.traffic = traffic;
  }

  /** Puts a host into the network: from now on it can be dialled. */
  attach(host: SimHost): void {
    assert(!this.#hosts.has(host.name), `there is a host ${host.name} already`);
    this.#hosts.set(host.name, host);
  }

  /** Takes a host out, as a power cut does: its links end, and its peers hear of it a little later. */
  detach(host: SimHost): void {
    this.#hosts.delete(host.name);
    for (const end of [...host.ends.values()]) {
      end.shut();
      this.#endLater(end.other, this.#delayUs(end));
    }
  }

  /** Tries to connect two hosts; the one that dials hears `connected` or `dial-failed`. */
  dial(from: SimHost, address: PeerAddress): void {
    const target = this.#hosts.get(address);
    const isReachable = target !== undefined && target !== from && this.#canReach(from, target);
    if (!isReachable) {
      // Nobody answers behind a partition; at an address that is not taken the machine itself says no.
      const delayUs = target === undefined || target === from ? 100_000 : DIAL_TIMEOUT_US;
      return this.#tell(from, delayUs, { kind: 'dial-failed', address });
    }
    const roundTripUs = 2 * this.#latencyUs(from, target);
    const epoch = from.epoch;
    const fire = () => this.#connect(from, epoch, address);
    this.#clock.schedule(this.#clock.nowUs + Math.round(1.5 * roundTripUs), { fire });
  }

  /** Sends a message to a peer; dropped when there is no connection. */
  send(from: SimHost, peer: PeerId, message: Message, lane: Lane): void {
    const end = from.ends.get(peer);
    if (end === undefined) return;
    // A node sends the same message to one peer after the other.
    if (message !== this.#lastMessage || from !== this.#lastFrom) this.#wrap(from, message);
    const bytes = this.#lastBytes;
    this.traffic.sent(message.kind, bytes);
    this.#carry(end, this.#lastEvent, bytes, lane);
  }

  /** Makes the event that a message arrives as. */
  #wrap(from: SimHost, message: Message): void {
    const peer = from.name;
    const bytes = messageBytes(message);
    this.#lastMessage = message;
    this.#lastFrom = from;
    this.#lastBytes = bytes;
    this.#lastEvent =
      this.#options.carries === 'message'
        ? { kind: 'message', peer, message, bytes }
        : { kind: 'frame', peer, bytes: encodeMessage(message) };
  }

  /** Sends any bytes to a peer, as an attacker may. */
  sendFrame(from: SimHost, peer: PeerId, bytes: Uint8Array, lane: Lane): void {
    const end = from.ends.get(peer);
    if (end === undefined) return;
    this.traffic.sent('frame', bytes.length);
    this.#carry(end, { kind: 'frame', peer: from.name, bytes }, bytes.length, lane);
  }

  /** Ends a connection. What was sent before still arrives. */
  close(from: SimHost, peer: PeerId): void {
    const end = from.ends.get(peer);
    if (end === undefined) return;
    end.shut();
    this.#tell(from, 0, { kind: 'disconnected', peer });
    const lastUs = Math.max(end.lastUs.urgent, end.lastUs.bulk) - this.#clock.nowUs;
    this.#endLater(end.other, Math.max(lastUs, this.#delayUs(end)) + 1);
  }

  /** Divides the network; undefined heals it. Links across break when the transport notices. */
  partition(partOf: ((host: SimHost) => number) | undefined): void {
    this.#partOf = partOf;
    if (partOf === undefined) return;
    const fire = () => this.#breakLinks(partOf);
    this.#clock.schedule(this.#clock.nowUs + BROKEN_LINK_US, { fire });
  }

  /** True while the network is divided. */
  get isDivided(): boolean {
    return this.#partOf !== undefined;
  }

  /** Every host that is there, in the order in which they came. */
  get hosts(): Iterable<SimHost> {
    return this.#hosts.values();
  }

  #connect(from: SimHost, epoch: number, address: PeerAddress): void {
    const target = this.#hosts.get(address);
    if (this.#hosts.get(from.name) !== from || from.epoch !== epoch) return;
    const isRefused =
      target === undefined ||
      from.ends.has(target.name) ||
      !this.#canReach(from, target) ||
      !target.accepts();
    if (isRefused) return from.receive({ kind: 'dial-failed', address });
    // It closed the old connection and the other side has not heard of it yet.
    const stale = target.ends.get(from.name);
    if (stale !== undefined) this.#end(stale);
    const latencyUs = this.#latencyUs(from, target);
    const end = new LinkEnd(from, target, latencyUs);
    from.ends.set(target.name, end);
    target.ends.set(from.name, end.other);
    target.receive({ kind: 'connected', peer: from.name, address: from.name, direction: 'inbound' });
    from.receive({ kind: 'connected', peer: target.name, address, direction: 'outbound' });
  }

  #carry(end: LinkEnd, event: NetworkEvent, bytes: number, lane: Lane): void {
    const { owner } = end;
    const nowUs = this.#clock.nowUs;
    const departUs = owner.uplink.departUs(bytes, lane, nowUs);
    if ((departUs - nowUs) * owner.uplink.bytesPerSecond > QUEUE_BYTES_MAX * 1_000_000) {
      return this.close(owner, end.other.owner.name);
    }
    if (!this.#canReach(owner, end.other.owner)) return;
    const { lossPpm, duplicatePpm, reorderPpm } = this.faults;
    if (this.#dice.hits(lossPpm)) return;
    const delayUs = this.#delayUs(end);
    if (this.#dice.hits(reorderPpm)) {
      this.#deliver(end, departUs + delayUs + this.#dice.below(REORDER_US), event);
      return;
    }
    const atUs = Math.max(departUs + delayUs, end.lastUs[lane]);
    end.lastUs[lane] = atUs;
    this.#deliver(end, atUs, event);
    if (this.#dice.hits(duplicatePpm)) this.#deliver(end, atUs + this.#dice.below(REORDER_US), event);
  }

  #deliver(end: LinkEnd, atUs: number, event: NetworkEvent): void {
    this.#clock.schedule(atUs, new Delivery(end.other, event));
  }

  /** The time of one message on a link, with its jitter. */
  #delayUs({ latencyUs }: LinkEnd): number {
    const jitterUs = Math.floor((latencyUs * this.#options.jitterPercent) / 100);
    return jitterUs === 0 ? latencyUs : latencyUs + this.#dice.below(jitterUs);
  }

  #latencyUs(a: SimHost, b: SimHost): number {
    return ((this.#options.regions.latencyMs[a.region] as number[])[b.region] as number) * 1000;
  }

  #canReach(a: SimHost, b: SimHost): boolean {
    return this.#partOf === undefined || this.#partOf(a) === this.#partOf(b);
  }

  #breakLinks(partOf: (host: SimHost) => number): void {
    // Healed, or divided in another way, meanwhile.
    if (this.#partOf !== partOf) return;
    for (const host of this.#hosts.values()) {
      for (const end of [...host.ends.values()]) if (!this.#canReach(host, end.other.owner)) this.#end(end);
    }
  }

  #endLater(end: LinkEnd, delayUs: number): void {
    this.#clock.schedule(this.#clock.nowUs + delayUs, { fire: () => this.#end(end) });
  }

  #end(end: LinkEnd): void {
    if (!end.isOpen) return;
    end.shut();
    end.owner.receive({ kind: 'disconnected', peer: end.other.owner.name });
  }

  #tell(host: SimHost, delayUs: number, event: NetworkEvent): void {
    const { epoch } = host;
    const fire = () => {
      if (host.epoch === epoch) host.receive(event);
    };
    this.#clock.schedule(this.#clock.nowUs + delayUs, { fire });
  }
}

/** A message that arrives. */
class Delivery {
  readonly #end: LinkEnd;
  readonly #event: NetworkEvent;

  constructor(end: LinkEnd, event: NetworkEvent) {
    this.#end = end;
    this.#event = event;
  }

  fire(): void {
    if (this.#end.isOpen) this.#end.owner.receive(this.#event);
  }
}
