import { circuitRelayServer } from '@libp2p/circuit-relay-v2';
import { dcutr } from '@libp2p/dcutr';
import { identify, identifyPush } from '@libp2p/identify';
import type { Libp2p, PrivateKey } from '@libp2p/interface';
import { kadDHT } from '@libp2p/kad-dht';
import { mdns } from '@libp2p/mdns';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { uPnPNAT } from '@libp2p/upnp-nat';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { CONNECTIONS_A_SECOND_MAX, CONNECTIONS_MAX, DIALS_MAX, PENDING_CONNECTIONS_MAX } from './limits.ts';
import type { NamedRelays } from './named-relays.ts';
import { dialBack, ownAddresses } from './own-addresses.ts';

/** What the operator chooses. */
export interface Libp2pChoices {
  /** Addresses to listen on; none makes a node that only dials. */
  readonly listen: readonly string[];
  /** Addresses to tell others instead of those that are listened on. */
  readonly announce: readonly string[];
  /** Ask the local network for peers, and answer. */
  readonly mdns: boolean;
  /** Look for peers in the distributed hash table, and answer. */
  readonly dht: boolean;
  /** Carry the connections of others that nobody can reach. */
  readonly relay: boolean;
  /** Ask the router to open a port. */
  readonly upnp: boolean;
}

/** What libp2p has to know of the node. */
export interface Libp2pNodeContext {
  /** The chain in hex: nodes of other chains do not find each other by mDNS or the hash table. */
  readonly chainId: string;
  /** The relays to listen by. */
  readonly relays: Pick<NamedRelays, 'transport'>;
  /** Whether whoever has dialled from an address is refused before a word is said. */
  isBanned(address: string): boolean;
  /** Whether a peer that has dialled and proved its id goes no further. */
  isTurnedAway(peer: string): boolean;
}

/** What a relay gives one guest: enough to find each other and to follow a chain until both have a way of their own. */
const RELAY_LIMITS = { maxReservations: 32, defaultDataLimit: 64n << 20n, defaultDurationLimit: 600_000 };

/**
 * Makes libp2p with all that Calin uses of it; {@link Libp2p.start} opens the doors.
 *
 * @see https://github.com/libp2p/specs
 */
export function createLibp2pNode(
  choices: Libp2pChoices,
  privateKey: PrivateKey,
  { chainId, relays, isBanned, isTurnedAway }: Libp2pNodeContext,
): Promise<Libp2p> {
  const chain = chainId.slice(0, 16);
  return createLibp2p({
    start: false,
    privateKey,
    // Nothing that a stranger could use: neither the version of Node nor that of libp2p.
    nodeInfo: { name: 'calin', version: '1', userAgent: 'calin' },
    addresses: { listen: [...choices.listen], announce: [...choices.announce] },
    transports: [tcp(), webSockets(), relays.transport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // Local networks are networks too.
    connectionGater: {
      denyDialMultiaddr: () => false,
      denyInboundConnection: ({ remoteAddr }) => isBanned(remoteAddr.toString()),
      denyInboundEncryptedConnection: (peer) => isTurnedAway(peer.toString()),
    },
    connectionManager: {
      maxConnections: CONNECTIONS_MAX,
      maxParallelDials: DIALS_MAX,
      inboundConnectionThreshold: CONNECTIONS_A_SECOND_MAX,
      maxIncomingPendingConnections: PENDING_CONNECTIONS_MAX,
      reconnectRetries: 0,
    },
    // A node that applies a large block answers late; whether a peer is alive the protocol finds out.
    connectionMonitor: { enabled: false },
    peerDiscovery: choices.mdns ? [mdns({ serviceTag: `_calin-${chain}._udp.local` })] : [],
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      autoNAT: dialBack(),
      dcutr: dcutr(),
      ownAddresses: ownAddresses(),
      ...(choices.dht ? { dht: hashTable(chain, choices.listen.length > 0) } : {}),
      ...(choices.relay ? { relay: circuitRelayServer({ reservations: RELAY_LIMITS }) } : {}),
      ...(choices.upnp ? { upnp: uPnPNAT() } : {}),
    },
  });
}

/** Private addresses stay in the table: a chain may live in one building. */
function hashTable(chain: string, isServer: boolean) {
  return kadDHT({
    protocol: `/calin/${chain}/kad/1`,
    clientMode: !isServer,
    peerInfoMapper: (peer) => peer,
  });
}
