import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';
import { PARTIAL_FILE_OPTION } from '../lock-options.ts';

/** `calin partial send`. */
export const command = defineCommand({
  name: 'partial send',
  summary: 'Hand in a transaction that all its signers have signed.',
  arguments: [],
  options: {
    file: PARTIAL_FILE_OPTION,
    'no-wait': { kind: 'flag', summary: 'Return when the node has taken it, not when it is in a block' },
    ...NODE_OPTIONS,
  },
  examples: ['partial send --file pay.cpst'],
  run: async (values, io) => {
    const { finalisePartial } = await import('@calin/client/transaction-builder/partial-transaction.ts');
    const { connectToSign } = await import('../wallet/connect.ts');
    const { handIn } = await import('@calin/client/wallet/hand-in.ts');
    const { waitForBlock } = await import('../wallet/wait-for-block.ts');
    const { checkChain, readPartialFile } = await import('../wallet/partial-file.ts');
    const { formatFields } = await import('../output.ts');
    const partial = readPartialFile(values.file);
    if (!partial.ok) return partial;
    const connection = await connectToSign(values);
    if (!connection.ok) return connection;
    const chain = checkChain(partial.value, connection.value);
    if (!chain.ok) return chain;
    const transaction = finalisePartial(partial.value);
    if (!transaction.ok) return transaction;
    const handedIn = await handIn(connection.value, transaction.value);
    if (!handedIn.ok) return handedIn;
    const txid = handedIn.value;
    const block = values['no-wait'] ? ok(undefined) : await waitForBlock(connection.value, txid);
    if (!block.ok) return block;
    const place = block.value === undefined ? 'waits in the pool' : `${block.value.height}`;
    const fields = [
      ['Transaction', txid],
      ['Block', place],
    ] as const;
    io.answer({ json: { txid, block: block.value ?? null }, text: formatFields(fields) });
    return ok(undefined);
  },
});
