import type { Message } from '@calin/core/p2p/messages/message.ts';
import type { Lane, PeerId } from '@calin/core/ports/network.ts';

/** Sends a message after all. */
export type Forward = (message: Message, lane: Lane) => void;

/**
 * What a node does that does not follow the protocol: it stands between a real node and the network, and changes,
 * holds back or drops what the node says.
 */
export interface Behaviour {
  /** For the log, such as `equivocates`. */
  readonly name: string;
  /** The node wants to send a message; only what is forwarded leaves. */
  send(peer: PeerId, message: Message, lane: Lane, forward: Forward): void;
}
