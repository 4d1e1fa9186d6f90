import { boolean, object, string } from '../../base/schema.ts';
import { defineHostMethod } from '../method.ts';

/** Ends news on this connection. */
export const unsubscribeMethod = defineHostMethod({
  name: 'unsubscribe',
  summary: 'Ends a subscription of this WebSocket connection.',
  description: 'News that are on their way may still arrive after the answer.',
  params: object('Which subscription to end.', {
    subscription: string('The name that subscribe answered.', { lengthMax: 64 }),
  }),
  result: boolean('Always true.'),
  errors: ['rpc/websocket-only', 'rpc/subscription-unknown'],
  example: { subscription: '1' },
});
