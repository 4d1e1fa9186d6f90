import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = NODE_OPTIONS;

/** `calin index status`. */
export const command = defineCommand({
  name: 'index status',
  summary: 'Show where the full index of the node is kept, how far it is, and why it does not go on.',
  arguments: [],
  options,
  examples: ['index status', 'index status --json'],
  run: (values, io) => showIndex(values, io),
});

async function showIndex(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connect } = await import('../wallet/connect.ts');
  const { formatIndex } = await import('../present-index.ts');
  const { printable } = await import('../output.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const status = await connection.value.client.call('index_status', {});
  if (!status.ok) return status;
  io.answer({ json: status.value, text: printable(formatIndex(status.value)) });
  return ok(undefined);
}
