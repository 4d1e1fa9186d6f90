import { ok } from '../../base/result.ts';
import { integer, object } from '../../base/schema.ts';
import { defaulted } from '../json/fields.ts';
import { defineCommand } from '../method.ts';
import { banJson, targetField } from './net-bans.ts';

const DAY_MS = 86_400_000;

/** A year, as in p2p/peers/limits.ts. */
const DURATION_MS_MAX = 366 * DAY_MS;

/** Shuts a peer, a machine or a network out. */
export const netBan = defineCommand({
  name: 'net_ban',
  summary: 'Bans a peer, a machine or a network, and closes its connections.',
  description:
    'A ban by hand is kept over restarts and never displaced by others. A new one replaces the old.',
  params: object('Whom, and for how long.', {
    target: targetField,
    durationMs: defaulted(integer('Milliseconds from now; a day when left out.', 1, DURATION_MS_MAX), DAY_MS),
  }),
  result: banJson,
  errors: ['rpc/owner-only', 'node/no-network', 'node/not-alive', 'p2p/ban-target', 'p2p/too-many-bans'],
  example: { target: '192.0.2.7' },
  ownerOnly: true,
  request: (_view, { target, durationMs = DAY_MS }) => ok({ kind: 'ban', target, durationMs }),
  present: (_view, answer) => answer as { target: string; untilMs: number; reason: string },
});
