import { assert } from '@calin/core/base/assert.ts';
import { encodeMessage, type Message, messageBytes } from '@calin/core/p2p/messages/message.ts';
import {
  type Lane,
  type NetworkEvent,
  type PeerAddress,
  type PeerId,
  SEND_QUEUE_BYTES_MAX,
} from '@calin/core/ports/network.ts';
import type { VirtualClock } from './clock.ts';
import { Connections, tell } from './connections.ts';
import { Crossing, type CrossingReader, readCrossing, type Signal } from './crossing.ts';
import { Delivery, FarDelivery } from './delivery.ts';
import type { Dice } from './dice.ts';
import type { LinkEnd, SimHost } from './link.ts';
import { type LinkFaults, NO_FAULTS } from './link-faults.ts';
import type { Regions } from './regions.ts';
import { SharedMessages } from './shared-messages.ts';
import type { Traffic } from './traffic.ts';

/** How a {@link SimNetwork} behaves. */
export interface NetworkOptions {
  readonly regions: Regions;
  /** Each message takes up to so much longer than the regions say, in percent. */
  readonly jitterPercent: number;
  /** `message`: by reference, as fast as can be. `frame`: as bytes, which the receiver parses. */
  readonly carries: 'message' | 'frame';
}

/** Is told of every message when it is sent, to look at the network from outside. */
export type MessageWatcher = (
  end: LinkEnd,
  event: NetworkEvent,
  /** When it arrives; undefined for one that is lost or cannot get to the other side. */
  arrivesUs: number | undefined,
) => void;

/** A peer that sends nothing for so long is gone: how long a transport takes to notice. */
const BROKEN_LINK_US = 15_000_000;

/** A message that comes late comes up to so much later. */
const REORDER_US = 2_000_000;

/** What a {@link SimNetwork} works with. */
export interface NetworkDependencies {
  readonly clock: VirtualClock;
  /** Dice of one purpose. */
  readonly dice: (purpose: string) => Dice;
  readonly traffic: Traffic;
  /** The part of the run whose machines this network connects, and how many there are; all of it when left out. */
  readonly part?: { readonly index: number; readonly count: number };
}

/**
 * The network between simulated nodes: latency by region with jitter, one uplink for each node as a queue, loss,
 * doubled and late messages, partitions. Links keep the order of each lane, as streams do, unless told otherwise.
 * Downlinks are as fast as what comes. Each machine throws its own dice, and nothing reaches another one sooner than
 * after the latency between them; so parts of the network can run beside each other, see {@link takeOutgoing}.
 */
export class SimNetwork {
  readonly traffic: Traffic;
  faults: LinkFaults = NO_FAULTS;
  /** Nobody unless somebody looks. */
  watcher: MessageWatcher | undefined;
  readonly #options: NetworkOptions;
  readonly #clock: VirtualClock;
  readonly #diceFor: (purpose: string) => Dice;
  readonly #here: number;
  /** What leaves for each part of the run; nothing ever does for this one. */
  readonly #crossings: readonly Crossing[];
  readonly #messages = new SharedMessages();
  readonly #connections: Connections;
  readonly #hosts = new Map<PeerAddress, SimHost>();
  readonly #byNumber: SimHost[] = [];
  readonly #up = new Set<SimHost>();
  readonly #dice = new Map<SimHost, Dice>();
  /** By how much everything from and to a host is late. */
  readonly #slowUs = new Map<SimHost, number>();
  #lastMessage: Message | undefined;
  #lastFrom: SimHost | undefined;
  #lastBytes = 0;
  #lastEvent: NetworkEvent = { kind: 'listening', addresses: [] };
  /** The part of the network a host is in while there is a partition. */
  #partOf: ((host: SimHost) => number) | undefined;

  constructor(options: NetworkOptions, { clock, dice, traffic, part }: NetworkDependencies) {
    this.#options = options;
    this.#clock = clock;
    this.#diceFor = dice;
    this.traffic = traffic;
    this.#here = part?.index ?? 0;
    this.#crossings = Array.from({ length: part?.count ?? 1 }, () => new Crossing());
    this.#connections = new Connections({
      find: (name) => this.#hosts.get(name),
      isUp: (host) => this.#up.has(host),
      canReach: (a, b) => this.#canReach(a, b),
      latencyUs: (a, b) => this.#latencyUs(a, b),
      diceOf: (host) => this.#diceOf(host),
      signal: (signal, from, to, link, delayUs) => this.#signal(signal, from, to, link, delayUs),
    });
  }

  /** Makes a machine known, in every part of the run: from now on it can be dialled, and says no while it is off. */
  add(host: SimHost): void {
    assert(!this.#hosts.has(host.name), `there is a host ${host.name} already`);
    assert(this.#byNumber[host.number] === undefined, `there is a machine ${host.number} already`);
    this.#hosts.set(host.name, host);
    this.#byNumber[host.number] = host;
  }

  /** Switches a host on. */
  attach(host: SimHost): void {
    assert(this.#hosts.get(host.name) === host, `${host.name} is a known machine`);
    this.#up.add(host);
  }

  /** Takes a host out, as a power cut does: its links end, and its peers hear of it a little later. */
  detach(host: SimHost): void {
    this.#up.delete(host);
    this.#connections.forget(host);
    for (const end of [...host.ends.values()]) {
      end.shut();
      this.#signal('ended', host, end.peer, end.id, this.#delayUs(end));
    }
  }

  /** Tries to connect two hosts; the one that dials hears `connected` or `dial-failed`. */
  dial(from: SimHost, address: PeerAddress): void {
    this.#connections.dial(from, address);
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
    tell(from, 0, { kind: 'disconnected', peer });
    const lastUs = Math.max(end.urgentUs, end.bulkUs) - this.#clock.nowUs;
    this.#signal('ended', from, end.peer, end.id, Math.max(lastUs, this.#delayUs(end)) + 1);
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

  /** The part of the divided network that a host is in; 0 for all of them while it is whole. */
  sideOf(host: SimHost): number {
    return this.#partOf?.(host) ?? 0;
  }

  /** Lets everything from and to a host take so much longer from now on; 0 ends it. */
  slow(host: SimHost, extraUs: number): void {
    if (extraUs === 0) this.#slowUs.delete(host);
    else this.#slowUs.set(host, extraUs);
  }

  /** By how much everything from and to a host is late. */
  slownessUs(host: SimHost): number {
    return this.#slowUs.get(host) ?? 0;
  }

  /** What has left for another part of the run since the last time; valid until the next event happens here. */
  takeOutgoing(part: number): Uint8Array | undefined {
    return this.#crossings[part]?.take();
  }

  /** Takes what has left another part for this one. Nothing in it arrives before the clock's time. */
  takeIncoming(bytes: Uint8Array): void {
    readCrossing(bytes, this.#incoming);
  }

  readonly #incoming: CrossingReader = {
    nameOf: (machine) => this.#host(machine).name,
    parse: (frame) => this.#messages.parse(frame),
    signal: (signal, { atUs, key, link }, from, to) => {
      const fire = () => this.#connections.receive(signal, this.#host(from), this.#host(to), link);
      this.#clock.put(atUs, key, { fire });
    },
    event: (event, arrival, from, to) => {
      const far = new FarDelivery(this.#host(to), this.#host(from), arrival.link, event);
      this.#clock.put(arrival.atUs, arrival.key, far);
    },
  };

  #host(machine: number): SimHost {
    const host = this.#byNumber[machine];
    assert(host !== undefined, `no machine ${machine}`);
    return host;
  }

  #signal(signal: Signal, from: SimHost, to: SimHost, link: number, delayUs: number): void {
    const atUs = this.#clock.nowUs + delayUs + this.#extraUs(from, to);
    const key = from.agenda.nextKey();
    if (to.part !== this.#here)
      return (this.#crossings[to.part] as Crossing).signal(signal, { atUs, key, link }, from, to);
    this.#clock.put(atUs, key, { fire: () => this.#connections.receive(signal, from, to, link) });
  }

  #carry(end: LinkEnd, event: NetworkEvent, bytes: number, lane: Lane): void {
    const { owner, peer, dice } = end;
    const nowUs = this.#clock.nowUs;
    // All peers share the uplink, so what waits for others counts too, and nobody knows what of it is on its way.
    if (owner.uplink.waitingBytes(nowUs) > SEND_QUEUE_BYTES_MAX) return this.close(owner, peer.name);
    const departUs = owner.uplink.departUs(bytes, lane, nowUs);
    if (!this.#canReach(owner, peer)) return this.watcher?.(end, event, undefined);
    const { lossPpm, duplicatePpm, reorderPpm } = this.faults;
    if (dice.hits(lossPpm)) return this.watcher?.(end, event, undefined);
    const delayUs = this.#delayUs(end) + this.#extraUs(owner, peer);
    if (dice.hits(reorderPpm)) {
      this.#deliver(end, departUs + delayUs + dice.below(REORDER_US), event);
      return;
    }
    const atUs = end.inOrder(departUs + delayUs, lane);
    this.#deliver(end, atUs, event);
    if (dice.hits(duplicatePpm)) this.#deliver(end, atUs + dice.below(REORDER_US), event);
  }

  #deliver(end: LinkEnd, atUs: number, event: NetworkEvent): void {
    const key = end.owner.agenda.nextKey();
    const { part } = end.peer;
    this.watcher?.(end, event, atUs);
    if (part === this.#here) this.#clock.put(atUs, key, new Delivery(end, event));
    else (this.#crossings[part] as Crossing).deliver(event, atUs, key, end);
  }

  /** The time of one message on a link, with its jitter. */
  #delayUs({ latencyUs, dice }: LinkEnd): number {
    const jitterUs = Math.floor((latencyUs * this.#options.jitterPercent) / 100);
    return jitterUs === 0 ? latencyUs : latencyUs + dice.below(jitterUs);
  }

  #extraUs(a: SimHost, b: SimHost): number {
    return this.#slowUs.size === 0 ? 0 : this.slownessUs(a) + this.slownessUs(b);
  }

  #latencyUs(a: SimHost, b: SimHost): number {
    return ((this.#options.regions.latencyMs[a.region] as number[])[b.region] as number) * 1000;
  }

  #diceOf(host: SimHost): Dice {
    const dice = this.#dice.get(host) ?? this.#diceFor(`network ${host.name}`);
    this.#dice.set(host, dice);
    return dice;
  }

  #canReach(a: SimHost, b: SimHost): boolean {
    return this.#partOf === undefined || this.#partOf(a) === this.#partOf(b);
  }

  #breakLinks(partOf: (host: SimHost) => number): void {
    // Healed, or divided in another way, meanwhile.
    if (this.#partOf !== partOf) return;
    for (const host of this.#hosts.values()) {
      for (const end of [...host.ends.values()])
        if (!this.#canReach(host, end.peer)) this.#connections.end(end);
    }
  }
}
