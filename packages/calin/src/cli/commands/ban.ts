import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = {
  hours: { kind: 'integer', value: 'N', min: 1, max: 8784, fallback: 24, summary: 'For how long' },
  ...NODE_OPTIONS,
} as const;

const HOUR_MS = 3_600_000;

/** `calin ban`. */
export const command = defineCommand({
  name: 'ban',
  summary: 'Keep a peer, a machine or a network out for a while.',
  description: 'Its connections are closed and it is not dialled. The ban outlives restarts of the node.',
  arguments: [
    { name: 'TARGET', summary: 'A peer id, an IP address, or a network such as 5.6.0.0/16', required: true },
  ],
  options,
  examples: ['ban 192.0.2.7 --hours 48', 'ban 5.6.0.0/16'],
  run: (values, io, [target = '']) => ban(values, io, target),
});

async function ban({ hours, ...values }: ValuesOf<typeof options>, io: CommandIo, target: string) {
  const { parseBanTarget } = await import('@calin/core/p2p/peers/bans.ts');
  const { refuseP2p } = await import('@calin/core/p2p/rules.ts');
  const { readPeerId } = await import('../../adapters/libp2p/peer-address.ts');
  const { connect } = await import('../wallet/connect.ts');
  const parsed = parseBanTarget(target);
  if (!parsed.ok) return parsed;
  // The protocol takes any name for a peer's; here a misspelt one would ban nobody.
  const isPeer = readPeerId(target) !== undefined;
  if (!isPeer && !parsed.value.includes('/')) return refuseP2p('p2p/ban-target', { got: target });
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const banned = await connection.value.client.call('net_ban', { target, durationMs: hours * HOUR_MS });
  if (!banned.ok) return banned;
  const { target: what, untilMs } = banned.value;
  io.answer({ json: banned.value, text: `Banned ${what} until ${new Date(untilMs).toISOString()}` });
  return ok(undefined);
}
