import { defineCommand } from '../command.ts';
import { ACCOUNT_OPTIONS } from '../common-options.ts';
import { PARTIAL_FILE_OPTION } from '../lock-options.ts';

/** `calin partial show`. */
export const command = defineCommand({
  name: 'partial show',
  summary: 'Show what a partially signed transaction pays, and whose signatures it lacks.',
  description:
    'What its coins hold is what its maker says: no signature covers it, so the node is asked. Look at what it pays, and at the fee that is left, before you sign.',
  arguments: [],
  options: { file: PARTIAL_FILE_OPTION, ...ACCOUNT_OPTIONS },
  examples: ['partial show --file pay.cpst'],
  run: async (values, io) => {
    const { keystoreOf } = await import('../accounts/network.ts');
    const { connectToSign } = await import('../wallet/connect.ts');
    const { tellPartial } = await import('../wallet/review.ts');
    const { answerPartial, readPartialFile } = await import('../wallet/partial-file.ts');
    const partial = readPartialFile(values.file);
    if (!partial.ok) return partial;
    const connection = await connectToSign(values);
    if (!connection.ok) return connection;
    const place = { network: connection.value.network, keystore: keystoreOf(values) };
    const told = await tellPartial(partial.value, { connection: connection.value, place, ownKeys: [] });
    return told.ok ? answerPartial(io, partial.value, values.file, connection.value, told.value) : told;
  },
});
