import { choice, object, optional, string } from '../../base/schema.ts';
import { addressField } from '../json/fields.ts';
import { defineHostMethod } from '../method.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

/** Starts news on this connection; see {@link ../subscriptions.ts}. */
export const subscribeMethod = defineHostMethod({
  name: 'subscribe',
  summary: 'Asks for news on this WebSocket connection.',
  description:
    'The answer is the name of the subscription. News come as JSON-RPC notifications named `subscription`, whose params hold that name and the news. A connection has at most 64 subscriptions; they end with it.',
  params: object('What to hear of.', {
    topic: choice(
      'heads: each new head of the best branch. transactions: each one that comes into the pool. address: both, as far as they concern one address.',
      ['heads', 'transactions', 'address'],
    ),
    address: optional(addressField('The address; with the topic address only.')),
  }),
  result: string('Name of the subscription.', { lengthMax: 64 }),
  errors: ['rpc/websocket-only', 'rpc/too-many-subscriptions', 'rpc/topic', 'codec/address'],
  example: { topic: 'address', address: EXAMPLE_ADDRESS },
});
