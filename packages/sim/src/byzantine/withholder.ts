import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Message, MessageKind } from '@calin/core/p2p/messages/message.ts';
import type { Lane, PeerId } from '@calin/core/ports/network.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { Agenda } from '../clock.ts';
import type { Behaviour, Forward } from './behaviour.ts';

/** What tells others of a block. */
const TELLING: ReadonlySet<MessageKind> = new Set<MessageKind>([
  'status',
  'compact-block',
  'header-announce',
  'headers',
  'body',
  'block-txs',
]);

/** Messages that are held back at a time; more are dropped. */
const HELD_MAX = 10_000;

/**
 * A maker of blocks that keeps each of its own to itself for a while: from the moment it has made one it tells nobody
 * anything about blocks, and says all of it late.
 */
export class Withholder implements Behaviour {
  readonly name = 'withholds';
  readonly #clock: Agenda;
  readonly #producer: Address;
  readonly #holdUs: number;
  #untilUs = 0;
  #lastHeight = 0;
  #held: { readonly message: Message; readonly lane: Lane; readonly forward: Forward }[] = [];

  constructor(options: { readonly producer: Address; readonly holdUs: number }, clock: Agenda) {
    this.#producer = options.producer;
    this.#holdUs = options.holdUs;
    this.#clock = clock;
  }

  send(_peer: PeerId, message: Message, lane: Lane, forward: Forward): void {
    if (!TELLING.has(message.kind)) return forward(message, lane);
    this.#look(message);
    if (this.#clock.nowUs >= this.#untilUs) return forward(message, lane);
    if (this.#held.length < HELD_MAX) this.#held.push({ message, lane, forward });
  }

  /** Begins to hold back with the first word about a block of its own. */
  #look(message: Message): void {
    const header = headerOf(message);
    if (header === undefined || !equalBytes(header.producer, this.#producer)) return;
    if (header.height <= this.#lastHeight) return;
    this.#lastHeight = header.height;
    this.#untilUs = this.#clock.nowUs + this.#holdUs;
    this.#clock.schedule(this.#untilUs, { fire: () => this.#release() });
  }

  #release(): void {
    if (this.#clock.nowUs < this.#untilUs) return;
    for (const { message, lane, forward } of this.#held.splice(0)) forward(message, lane);
  }
}

function headerOf(message: Message): Header | undefined {
  return message.kind === 'compact-block' || message.kind === 'header-announce' ? message.header : undefined;
}
