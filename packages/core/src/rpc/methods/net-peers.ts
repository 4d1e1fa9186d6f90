import { ok } from '../../base/result.ts';
import { array, boolean, choice, integer, nullable, object, string } from '../../base/schema.ts';
import { heightField, noParams } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

/** Connections that a node can have, see p2p/limits.ts. */
const PEERS_MAX = 1024;

/** Own addresses that are listed. */
const LISTENING_MAX = 64;

const addressField = string('An address as the transport understands it.', { lengthMax: 256 });

const peerJson = object('A connection.', {
  id: string('The id that the transport has proved.', { lengthMax: 64 }),
  address: addressField,
  direction: choice('Who made the connection: outbound is this node.', ['inbound', 'outbound']),
  connectedMs: integer('When it was made, in milliseconds since 1970.'),
  said: nullable(
    object('What the peer says of itself, which nobody has checked; null before it has said hello.', {
      agent: string('Its software.', { lengthMax: 64 }),
      height: heightField('Height of its head.'),
      finalHeight: heightField('Height of its last final block.'),
    }),
  ),
  latencyMs: nullable(integer('The shortest round trip that was measured; null before the first.')),
  points: integer('What it did wrong, in points; at 100 it is banned.'),
  isAnchor: boolean('True for one that is dialled first after a restart.'),
});

/** Who the node is connected to. */
export const netPeers = defineQuery({
  name: 'net_peers',
  summary: 'Lists the peers of the node, and how far it has come with them.',
  description: 'A node without a network has none. missing is 0 also while the node does not know yet.',
  params: noParams,
  result: object('The network as the node sees it.', {
    enabled: boolean('False on a node without a network.'),
    listening: array('Where the node can be dialled.', addressField, LISTENING_MAX),
    peers: array('The oldest connection first.', peerJson, PEERS_MAX),
    addresses: object('The address book.', {
      known: integer('Addresses that were heard of.'),
      reached: integer('Addresses that were reached.'),
    }),
    sync: object('How far the node has come.', {
      caughtUp: boolean('True when it is where its peers are.'),
      missing: integer('Blocks that headers have shown and that are not here yet.'),
    }),
  }),
  errors: ['rpc/owner-only'],
  example: {},
  ownerOnly: true,
  run(view) {
    const { enabled, listening, peers, addresses, sync } = view.network();
    const shown = peers.slice(0, PEERS_MAX).map(({ said, latencyMs, ...peer }) => ({
      ...peer,
      said: said ?? null,
      latencyMs: latencyMs ?? null,
    }));
    return ok({ enabled, listening: listening.slice(0, LISTENING_MAX), peers: shown, addresses, sync });
  },
});
