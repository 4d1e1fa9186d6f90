import { ok } from '../../base/result.ts';
import { array, integer, object, string } from '../../base/schema.ts';
import { noParams } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

/** Bans that a node keeps, see p2p/peers/limits.ts. */
const BANS_MAX = 4096;

/** What a ban is about, as text. */
export const targetField = string('A peer id, an IP address, or a network such as 5.6.0.0/16.', {
  lengthMax: 64,
});

/** One ban. */
export const banJson = object('A ban.', {
  target: targetField,
  untilMs: integer('When it ends, in milliseconds since 1970.'),
  reason: string('The rule that was broken last; `ordered` for a ban by hand.', { lengthMax: 64 }),
});

/** Whom the node shuts out. */
export const netBans = defineQuery({
  name: 'net_bans',
  summary: 'Lists the bans that hold.',
  description: 'In the order of their targets.',
  params: noParams,
  result: array('The bans.', banJson, BANS_MAX),
  errors: ['rpc/owner-only'],
  example: {},
  ownerOnly: true,
  run: (view) => ok(view.network().bans.slice(0, BANS_MAX)),
});
