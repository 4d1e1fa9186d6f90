import { ok } from '../../base/result.ts';
import { object, string } from '../../base/schema.ts';
import { defineCommand } from '../method.ts';

/** Tells the node of another one. */
export const netAddPeer = defineCommand({
  name: 'net_addPeer',
  summary: 'Tells the node where another one can be dialled.',
  description: 'The address goes into the address book, and is dialled when the node has room for a peer.',
  params: object('Where.', {
    address: string('An address with the id of the peer, such as /ip4/192.0.2.7/tcp/7400/p2p/12D3Koo….', {
      lengthMax: 256,
    }),
  }),
  result: object('The address.', { address: string('As it was given.', { lengthMax: 256 }) }),
  errors: ['rpc/owner-only', 'node/no-network', 'node/not-alive'],
  example: { address: '/ip4/192.0.2.7/tcp/7400/p2p/12D3KooWGRUfbMEhrmRsFFtFCBHqXRzCmMGWnTLPbhFDAWnBnAYq' },
  ownerOnly: true,
  request: (_view, { address }) => ok({ kind: 'add-peer', address }),
  present: (_view, answer) => ({ address: answer as string }),
});
