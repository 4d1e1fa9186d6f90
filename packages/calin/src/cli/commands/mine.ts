import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = {
  blocks: { kind: 'integer', value: 'N', min: 1, max: 1000, fallback: 1, summary: 'How many' },
  ...NODE_OPTIONS,
} as const;

/** `calin mine`. */
export const command = defineCommand({
  name: 'mine',
  summary: 'Let a development node make blocks now.',
  arguments: [],
  options,
  examples: ['mine', 'mine --blocks 10'],
  run: (values, io) => mine(values, io),
});

async function mine(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connect } = await import('../wallet/connect.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const answer = await connection.value.client.call('dev_mine', { blocks: values.blocks });
  if (!answer.ok) return answer;
  io.answer({ json: { blocks: answer.value }, text: answer.value.join('\n') });
  return ok(undefined);
}
