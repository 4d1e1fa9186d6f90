import type { Hash } from '../crypto/hash.ts';
import type { PeerAddress, PeerId } from '../ports/network.ts';
import type { HelloMessage } from './messages/control.ts';
import type { HeadStatus } from './messages/fields.ts';
import type { RelayPeer } from './relay/relay-peer.ts';

/** A connection, from the moment the network reports it. */
export interface Connection {
  readonly id: PeerId;
  /** What was dialled, or where the peer comes from. */
  readonly address: PeerAddress;
  readonly direction: 'inbound' | 'outbound';
  readonly connectedMs: number;
}

/** A peer that has said hello and is on this chain. Parts of the protocol see no other. */
export interface Peer extends Connection {
  readonly hello: HelloMessage;
  /** Where it says its best branch ends; never the word of anybody else. */
  head: HeadStatus;
  finalHeight: number;
  /** The head of this node that the peer was told of last; whoever tells it sets this. */
  toldHead: Hash;
  /** The shortest time a pong took; undefined before the first. */
  latencyMs: number | undefined;
  /** Something but pings and pongs came from it since the last round of pings. */
  isHeard?: boolean;
  /** What relay knows of it, and relay alone uses: so that no message makes it look for that. */
  relay?: RelayPeer | undefined;
}

/** The peers that are ready, by their ids. */
export type PeerTable = ReadonlyMap<PeerId, Peer>;
