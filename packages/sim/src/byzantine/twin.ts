import type { Message } from '@calin/core/p2p/messages/message.ts';
import type { Lane, PeerId } from '@calin/core/ports/network.ts';
import type { Behaviour, Forward } from './behaviour.ts';

/**
 * One of two machines that run with the same key and know nothing of each other: each follows the protocol, and
 * together they vote twice, make two blocks for one turn, and tell different peers different things.
 *
 * @see S. Bano and others, "Twins: BFT systems made robust" (2020)
 */
export class Twin implements Behaviour {
  readonly name = 'has a twin';

  send(_peer: PeerId, message: Message, lane: Lane, forward: Forward): void {
    forward(message, lane);
  }
}
