import { utf8Bytes } from '@calin/core/base/text.ts';
import { keyedHash } from '@calin/core/crypto/hash.ts';
import type { HelloMessage } from '@calin/core/p2p/messages/control.ts';
import type { HeadStatus } from '@calin/core/p2p/messages/fields.ts';
import type { Message } from '@calin/core/p2p/messages/message.ts';
import type { NetworkEvent, PeerId } from '@calin/core/ports/network.ts';
import type { MachineAgenda } from '../clock.ts';
import type { Dice } from '../dice.ts';
import { type LinkEnd, type SimHost, Uplink } from '../link.ts';
import type { World } from '../world.ts';

/** Bytes that an attacker sends in a second at most: a good deal more than an honest node. */
const UPLINK_BYTES_PER_SECOND = 12_500_000;

/** How long an attacker waits before it dials somebody again who has thrown it out. */
const REDIAL_US = 2_000_000;

/** What an attacker does once it is connected. */
export interface Attack {
  /** For the log, such as `garbage`. */
  readonly name: string;
  /** Between two strokes on each victim. */
  readonly intervalUs: number;
  /** Where the attacker says that its best branch ends; at the genesis block when left out. */
  head?(dice: Dice): HeadStatus;
  /** One stroke. */
  strike(send: Send, dice: Dice): void;
  /** What it answers; nothing when left out. */
  answer?(message: Message, send: Send, dice: Dice): void;
}

/** The ways in which an attacker can send. */
export interface Send {
  message(message: Message): void;
  frame(bytes: Uint8Array): void;
}

/** Choices for an {@link Attacker}. */
export interface AttackerOptions {
  readonly name: string;
  /** From 1 on, and no other machine's. */
  readonly number: number;
  readonly attack: Attack;
  /** Whom it attacks. */
  readonly victims: readonly PeerId[];
}

/** A machine without a node: it greets as a node does and then does what its attack says, again and again. */
export class Attacker implements SimHost {
  readonly name: PeerId;
  readonly number: number;
  readonly region = 0;
  readonly part: number;
  readonly agenda: MachineAgenda;
  readonly uplink = new Uplink(UPLINK_BYTES_PER_SECOND);
  readonly ends = new Map<PeerId, LinkEnd>();
  readonly epoch = 1;
  /** Times that it was thrown out. */
  thrownOut = 0;
  readonly #options: AttackerOptions;
  readonly #world: World;
  readonly #dice: Dice;

  constructor(options: AttackerOptions, world: World) {
    this.name = options.name;
    this.number = options.number;
    this.part = world.partOf(this.region);
    this.agenda = world.clock.agenda(options.number);
    this.#options = options;
    this.#world = world;
    this.#dice = world.dice(`attacker ${options.name}`);
    world.network.add(this);
  }

  /** Joins the network and dials its victims. */
  start(): void {
    if (this.part !== this.#world.part) return;
    this.#world.network.attach(this);
    for (const victim of this.#options.victims) this.#dialAfter(victim, this.#dice.below(REDIAL_US));
  }

  accepts(): boolean {
    return false;
  }

  receive(event: NetworkEvent): void {
    switch (event.kind) {
      case 'connected':
        this.#world.network.send(this, event.peer, this.#hello(), 'urgent');
        return this.#strikeLater(event.peer, this.ends.get(event.peer));
      case 'disconnected':
        this.thrownOut += 1;
        return this.#dialAfter(event.peer, REDIAL_US);
      case 'dial-failed':
        return this.#dialAfter(event.address, REDIAL_US);
      case 'message':
        return this.#options.attack.answer?.(event.message, this.#send(event.peer), this.#dice);
    }
  }

  #hello(): HelloMessage {
    const { chainId, spec } = this.#world;
    const { attack } = this.#options;
    return {
      kind: 'hello',
      protocol: 1,
      chainId,
      features: 7,
      nonce: keyedHash(chainId, utf8Bytes(this.name)).slice(0, 8),
      head: attack.head?.(this.#dice) ?? { id: chainId, height: 0, weight: 0n },
      finalHeight: 0,
      timeMs: spec.genesisTimeMs + Math.floor(this.agenda.nowUs / 1000),
      agent: 'calin-sim',
      listen: [],
    };
  }

  #strikeLater(peer: PeerId, end: LinkEnd | undefined): void {
    const { agenda } = this;
    const fire = () => {
      // Thrown out, or connected anew meanwhile.
      if (end?.isOpen !== true) return;
      this.#options.attack.strike(this.#send(peer), this.#dice);
      this.#strikeLater(peer, end);
    };
    agenda.schedule(agenda.nowUs + this.#options.attack.intervalUs, { fire });
  }

  #send(peer: PeerId): Send {
    const { network } = this.#world;
    return {
      message: (message) => network.send(this, peer, message, 'urgent'),
      frame: (bytes) => network.sendFrame(this, peer, bytes, 'urgent'),
    };
  }

  #dialAfter(victim: PeerId, delayUs: number): void {
    const { agenda } = this;
    const { network } = this.#world;
    agenda.schedule(agenda.nowUs + delayUs, { fire: () => network.dial(this, victim) });
  }
}
