import type { Refusal } from '../base/result.ts';
import type { Message } from '../p2p/messages/message.ts';

/** Who a connection leads to, as the transport has proved it: 1 to 64 printable ASCII characters. */
export type PeerId = string;

/** Where a peer can be dialled, as the transport understands it: 1 to 256 printable ASCII characters. */
export type PeerAddress = string;

/** `urgent`: small and timely. `bulk`: bodies, bundles and chunks, which must not delay what is urgent. */
export type Lane = 'urgent' | 'bulk';

/**
 * Bytes that may wait to be sent to one peer, over both lanes: a message for a peer for whom more waits ends the
 * connection. The last one taken may go beyond it, so that the largest block can be sent; where the transport knows
 * which message is on its way, that one does not count.
 */
export const SEND_QUEUE_BYTES_MAX = 33_554_432;

/**
 * Connections to other nodes. It promises little: messages may be lost, doubled, reordered, late, or lies. At most one
 * connection leads to a peer. What happens comes back as {@link NetworkEvent}, never before the call has returned.
 */
export interface Network {
  /** Answered by exactly one `connected` or `dial-failed` with this address, within ten seconds. */
  dial(address: PeerAddress): void;
  /** Sends a message, in order within its lane; drops it when the peer is not connected. */
  send(peer: PeerId, message: Message, lane: Lane): void;
  /** Ends a connection after what was sent before on the urgent lane; answered by `disconnected`. */
  close(peer: PeerId): void;
}

/** What the network tells the node. */
export type NetworkEvent =
  | {
      readonly kind: 'connected';
      readonly peer: PeerId;
      /** What was dialled, or where an inbound connection comes from. */
      readonly address: PeerAddress;
      readonly direction: 'inbound' | 'outbound';
    }
  /** `broken` when the transport ended it for what the peer sent there, such as a frame of no possible length. */
  | {
      readonly kind: 'disconnected';
      readonly peer: PeerId;
      readonly broken?: Refusal;
      /** Where the connection came from, told with a broken rule: the node may have closed it before. */
      readonly address?: PeerAddress;
    }
  | { readonly kind: 'dial-failed'; readonly address: PeerAddress }
  /** Somebody may be there: a name on a list, an announcement in the local network. */
  | {
      readonly kind: 'discovered';
      readonly address: PeerAddress;
      /** True for one that the owner of the node has named; anybody may be behind the others. */
      readonly isOwners?: boolean;
    }
  /** Where this node can be dialled, all of it, whenever that changes. */
  | { readonly kind: 'listening'; readonly addresses: readonly PeerAddress[] }
  /** A stranger's bytes: one message, or not. Nobody writes to them any more: what is read of them may be views. */
  | { readonly kind: 'frame'; readonly peer: PeerId; readonly bytes: Uint8Array }
  /** The same as the frame of this message, for adapters within one process; nobody writes to it. */
  | {
      readonly kind: 'message';
      readonly peer: PeerId;
      readonly message: Message;
      /** Bytes of that frame, where the adapter knows them. */
      readonly bytes?: number;
    };
