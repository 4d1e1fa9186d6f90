import { choice, object, optional, string } from '../../base/schema.ts';
import { addressField, hashField } from '../json/fields.ts';
import { defineHostMethod } from '../method.ts';
import { EXAMPLE_ADDRESS } from './examples.ts';

/** Starts news on this connection; see {@link ../subscriptions.ts}. */
export const subscribeMethod = defineHostMethod({
  name: 'subscribe',
  summary: 'Asks for news on this WebSocket connection.',
  description:
    'The answer is the name of the subscription. News come as JSON-RPC notifications named `subscription`, whose params hold that name and the news. A connection has at most 64 subscriptions; they end with it. Who was cut off names the last head it heard of as `after`: the blocks since then are told first, one by one, and nothing is missed between them and what follows.',
  params: object('What to hear of.', {
    topic: choice(
      'heads: each new head of the best branch. transactions: each one that comes into the pool. address: both, as far as they concern one address.',
      ['heads', 'transactions', 'address'],
    ),
    address: optional(addressField('The address; with the topic address only.')),
    after: optional(
      hashField(
        'Id of a head that is known. At most 256 blocks with 16,384 transactions are told again; what was in the pool meanwhile is not.',
      ),
    ),
  }),
  result: string('Name of the subscription.', { lengthMax: 64 }),
  errors: ['rpc/websocket-only', 'rpc/too-many-subscriptions', 'rpc/topic', 'rpc/resume', 'codec/address'],
  example: { topic: 'address', address: EXAMPLE_ADDRESS },
});
