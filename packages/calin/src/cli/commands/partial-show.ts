import { defineCommand } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';
import { PARTIAL_FILE_OPTION } from '../lock-options.ts';

/** `calin partial show`. */
export const command = defineCommand({
  name: 'partial show',
  summary: 'Show what a partially signed transaction pays, and whose signatures it lacks.',
  description:
    'What its coins hold is what its maker says: no signature covers it. Look at what it pays, and at the fee that is left, before you sign.',
  arguments: [],
  options: { file: PARTIAL_FILE_OPTION, ...NODE_OPTIONS },
  examples: ['partial show --file pay.cpst'],
  run: async (values, io) => {
    const { connect } = await import('../wallet/connect.ts');
    const { answerPartial, readPartialFile } = await import('../wallet/partial-file.ts');
    const partial = readPartialFile(values.file);
    if (!partial.ok) return partial;
    const connection = await connect(values);
    return connection.ok ? answerPartial(io, partial.value, values.file, connection.value) : connection;
  },
});
