import type { PeerAddress } from '../../ports/network.ts';
import { addressesBytes, readAddresses, writeAddresses } from './fields.ts';
import { ADDRESS_CHARACTERS_MAX, PEERS_MAX } from './limits.ts';
import type { MessageCodec } from './message-codec.ts';

/** Asks for addresses of other nodes. */
export interface PeersRequestMessage {
  readonly kind: 'peers-request';
}

/** Some addresses the sender knows, at most 100. */
export interface PeersMessage {
  readonly kind: 'peers';
  readonly addresses: readonly PeerAddress[];
}

/** {@link PeersRequestMessage}: nothing follows the tag. */
export const peersRequestCodec: MessageCodec<PeersRequestMessage> = {
  tag: 0x08,
  family: 'peers',
  lane: 'urgent',
  bytesMax: 1,
  write: () => {},
  read: () => ({ kind: 'peers-request' }),
  bytes: () => 0,
};

/** {@link PeersMessage}: number u8, then texts. */
export const peersCodec: MessageCodec<PeersMessage> = {
  tag: 0x09,
  family: 'peers',
  lane: 'urgent',
  bytesMax: 2 + PEERS_MAX * (2 + ADDRESS_CHARACTERS_MAX),
  write: (writer, { addresses }) => writeAddresses(writer, addresses),
  read: (reader) => ({ kind: 'peers', addresses: readAddresses(reader, PEERS_MAX) }),
  bytes: ({ addresses }) => addressesBytes(addresses),
};
