import { ok } from '../../base/result.ts';
import { array, boolean, integer, object, string } from '../../base/schema.ts';
import { noParams } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

/** Own addresses that are listed. */
const LISTENING_MAX = 64;

/** How the node takes part in its network. */
export const netInfo = defineQuery({
  name: 'net_info',
  summary: 'Says how the node takes part in its network.',
  description:
    'Numbers only, for everybody; net_peers, for the owner, says who they are. Peers count once they have said hello.',
  params: noParams,
  result: object('The network of the node in numbers.', {
    enabled: boolean('False on a node without a network.'),
    agent: string('What the node calls its software; empty without a network.', { lengthMax: 64 }),
    protocol: integer('Version of the protocol; nodes of different ones do not talk.', 0, 0xffff),
    listening: array('Where it can be dialled, as far as it knows.', string('An address.'), LISTENING_MAX),
    peers: object('Who is connected.', {
      inbound: integer('Peers that have dialled this node.'),
      outbound: integer('Peers that this node has dialled.'),
    }),
    addresses: object('Addresses of other nodes.', {
      known: integer('Those it has heard of.'),
      reached: integer('Those of them that it has reached.'),
    }),
    bans: integer('Bans that hold.'),
  }),
  errors: [],
  example: {},
  run(view) {
    const { enabled, agent, protocol, listening, peers, addresses, bans } = view.network();
    const ready = peers.filter(({ said }) => said !== undefined);
    const inbound = ready.filter(({ direction }) => direction === 'inbound').length;
    return ok({
      enabled,
      agent,
      protocol,
      listening: listening.slice(0, LISTENING_MAX),
      peers: { inbound, outbound: ready.length - inbound },
      addresses,
      bans: bans.length,
    });
  },
});
