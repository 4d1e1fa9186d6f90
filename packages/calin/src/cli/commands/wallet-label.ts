import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin wallet label`. */
export const command = defineCommand({
  name: 'wallet label',
  summary: 'Write down what a transaction or an address is.',
  description: 'Labels stand in "calin history ACCOUNT --csv". Without --text the label is taken away.',
  arguments: [],
  options: {
    of: { kind: 'text', value: 'THING', required: true, summary: 'Id of a transaction, or an address' },
    text: { kind: 'text', value: 'TEXT', summary: 'The label, at most 128 characters' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
  },
  examples: [`wallet label --of ${'ab'.repeat(32)} --text rent`],
  run: async (values, io) => {
    const { setLabel } = await import('@calin/client/wallet/edit-wallet.ts');
    const { editBook } = await import('../wallet/wallet-place.ts');
    const { of, text } = values;
    const edited = editBook(values, (book) => setLabel(book, of, text));
    if (!edited.ok) return edited;
    const done = text === undefined ? 'Took the label away' : 'Labelled';
    io.answer({ json: { of, text: text ?? null }, text: `${done}: ${of}` });
    return ok(undefined);
  },
});
