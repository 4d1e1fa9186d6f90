import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin wallet remove`. */
export const command = defineCommand({
  name: 'wallet remove',
  summary: 'Forget a contact or a watched address; accounts stay with their phrase.',
  arguments: [{ name: 'NAME', summary: 'Contact or watched address', required: true }],
  options: { data: DATA_OPTION, keystore: KEYSTORE_OPTION },
  examples: ['wallet remove bob'],
  run: async (values, io, [name = '']) => {
    const { removeAddress } = await import('@calin/client/wallet/edit-wallet.ts');
    const { editBook } = await import('../wallet/wallet-place.ts');
    const edited = editBook(values, (book) => removeAddress(book, name));
    if (!edited.ok) return edited;
    io.answer({ json: { name }, text: `Forgot ${name}` });
    return ok(undefined);
  },
});
