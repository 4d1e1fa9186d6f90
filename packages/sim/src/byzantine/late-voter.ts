import { familyOf, type Message } from '@calin/core/p2p/messages/message.ts';
import type { Lane, PeerId } from '@calin/core/ports/network.ts';
import type { Agenda } from '../clock.ts';
import type { Behaviour, Forward } from './behaviour.ts';

/** Votes that are on their way at a time; more are dropped. */
const HELD_MAX = 10_000;

/** A validator that sends every vote, its own and those of others, late. */
export class LateVoter implements Behaviour {
  readonly name = 'votes late';
  readonly #clock: Agenda;
  readonly #holdUs: number;
  #held = 0;

  constructor(holdUs: number, clock: Agenda) {
    this.#holdUs = holdUs;
    this.#clock = clock;
  }

  send(_peer: PeerId, message: Message, lane: Lane, forward: Forward): void {
    if (familyOf(message.kind) !== 'consensus') return forward(message, lane);
    if (this.#held >= HELD_MAX) return;
    this.#held += 1;
    const fire = () => {
      this.#held -= 1;
      forward(message, lane);
    };
    this.#clock.schedule(this.#clock.nowUs + this.#holdUs, { fire });
  }
}
