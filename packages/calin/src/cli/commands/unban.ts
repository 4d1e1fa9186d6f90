import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = NODE_OPTIONS;

/** `calin unban`. */
export const command = defineCommand({
  name: 'unban',
  summary: 'Lift a ban.',
  arguments: [{ name: 'TARGET', summary: 'As "calin peers" lists it, or an IP address', required: true }],
  options,
  examples: ['unban 192.0.2.7'],
  run: (values, io, [target = '']) => unban(values, io, target),
});

async function unban(values: ValuesOf<typeof options>, io: CommandIo, target: string) {
  const { connect } = await import('../wallet/connect.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const lifted = await connection.value.client.call('net_unban', { target });
  if (!lifted.ok) return lifted;
  io.answer({ json: lifted.value, text: `${lifted.value.target} is no longer banned` });
  return ok(undefined);
}
