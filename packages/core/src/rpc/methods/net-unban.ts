import { ok } from '../../base/result.ts';
import { object } from '../../base/schema.ts';
import { defineCommand } from '../method.ts';
import { targetField } from './net-bans.ts';

/** Lifts a ban. */
export const netUnban = defineCommand({
  name: 'net_unban',
  summary: 'Lifts a ban.',
  description: 'Name it as net_bans lists it.',
  params: object('Which ban.', { target: targetField }),
  result: object('The ban that was lifted.', { target: targetField }),
  errors: ['rpc/owner-only', 'node/no-network', 'node/not-alive', 'p2p/ban-target', 'p2p/not-banned'],
  example: { target: '192.0.2.7' },
  ownerOnly: true,
  request: (_view, { target }) => ok({ kind: 'unban', target }),
  present: (_view, answer) => ({ target: answer as string }),
});
