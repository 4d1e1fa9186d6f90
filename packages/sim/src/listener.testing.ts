import type { NetworkEvent, PeerId } from '@calin/core/ports/network.ts';
import type { MachineAgenda, VirtualClock } from './clock.ts';
import { type LinkEnd, type SimHost, Uplink } from './link.ts';

/** A machine that writes down what it hears. */
export class Listener implements SimHost {
  readonly name: PeerId;
  readonly number: number;
  readonly region = 0;
  readonly part: number;
  readonly agenda: MachineAgenda;
  readonly uplink: Uplink;
  readonly ends = new Map<PeerId, LinkEnd>();
  readonly epoch = 1;
  readonly heard: [atUs: number, event: NetworkEvent][] = [];
  readonly events: NetworkEvent[] = [];
  readonly #clock: VirtualClock;

  /** @param number - of the machine, from 1 on */
  constructor(
    name: string,
    number: number,
    clock: VirtualClock,
    { bytesPerSecond = 1_000_000_000, part = 0 } = {},
  ) {
    this.name = name;
    this.number = number;
    this.part = part;
    this.agenda = clock.agenda(number);
    this.#clock = clock;
    this.uplink = new Uplink(bytesPerSecond);
  }

  accepts(): boolean {
    return true;
  }

  receive(event: NetworkEvent): void {
    this.heard.push([this.#clock.nowUs, event]);
    this.events.push(event);
  }

  get kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** Nonces of the pings it got. */
  get pings(): number[] {
    return this.events.flatMap((event) =>
      event.kind === 'message' && event.message.kind === 'ping' ? [event.message.nonce] : [],
    );
  }
}
