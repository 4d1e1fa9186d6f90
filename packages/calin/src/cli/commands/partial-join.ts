import { defineCommand } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';
import { PARTIAL_FILE_OPTION } from '../lock-options.ts';

/** `calin partial join`. */
export const command = defineCommand({
  name: 'partial join',
  summary: 'Add the signatures of another copy of a partially signed transaction.',
  arguments: [],
  options: {
    file: PARTIAL_FILE_OPTION,
    other: { kind: 'text', value: 'FILE', required: true, summary: 'The other copy' },
    ...NODE_OPTIONS,
  },
  examples: ['partial join --file pay.cpst --other from-bob.cpst'],
  run: async (values, io) => {
    const { combinePartials } = await import('@calin/client/transaction-builder/partial-transaction.ts');
    const { connect } = await import('../wallet/connect.ts');
    const { answerPartial, readPartialFile, writePartialFile } = await import('../wallet/partial-file.ts');
    const partial = readPartialFile(values.file);
    if (!partial.ok) return partial;
    const other = readPartialFile(values.other);
    if (!other.ok) return other;
    const joined = combinePartials(partial.value, other.value);
    if (!joined.ok) return joined;
    const connection = await connect(values);
    if (!connection.ok) return connection;
    const written = writePartialFile(values.file, joined.value);
    return written.ok ? answerPartial(io, joined.value, values.file, connection.value) : written;
  },
});
