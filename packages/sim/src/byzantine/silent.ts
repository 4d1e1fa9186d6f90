import { familyOf, type Message } from '@calin/core/p2p/messages/message.ts';
import type { Lane, PeerId } from '@calin/core/ports/network.ts';
import type { Behaviour, Forward } from './behaviour.ts';

/** A validator that takes part in everything but the votes: it sends none, also none of others. */
export class Silent implements Behaviour {
  readonly name = 'is silent';

  send(_peer: PeerId, message: Message, lane: Lane, forward: Forward): void {
    if (familyOf(message.kind) !== 'consensus') forward(message, lane);
  }
}
