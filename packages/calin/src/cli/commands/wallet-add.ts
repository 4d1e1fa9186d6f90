import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

/** `calin wallet add`. */
export const command = defineCommand({
  name: 'wallet add',
  summary: 'Add the next account of the phrase to the wallet.',
  arguments: [],
  options: {
    name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it: a-z, 0-9, - and _' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
    password: PASSWORD_OPTION,
  },
  examples: ['wallet add --name savings'],
  run: async (values, io) => {
    const { mnemonicToSeed } = await import('@calin/client/keys/mnemonic.ts');
    const { addAccount } = await import('@calin/client/wallet/edit-wallet.ts');
    const { openPhrase } = await import('../accounts/find-account.ts');
    const { needBook, writeBook } = await import('../accounts/wallet-files.ts');
    const { addressOfKey, checkNewName, walletPlace } = await import('../wallet/wallet-place.ts');
    const place = walletPlace(values);
    if (!place.ok) return place;
    const book = needBook(place.value);
    if (!book.ok) return book;
    const free = checkNewName(values.name, place.value);
    if (!free.ok) return free;
    const phrase = await openPhrase(place.value, values.password);
    if (!phrase.ok) return phrase;
    const wallet = addAccount(book.value, values.name, mnemonicToSeed(phrase.value));
    if (!wallet.ok) return wallet;
    const written = writeBook(wallet.value, place.value);
    if (!written.ok) return written;
    const account = wallet.value.accounts.at(-1);
    const address = addressOfKey(account, book.value.addressPrefix);
    io.answer({
      json: { name: values.name, index: account?.index, address },
      text: `Added ${values.name}: ${address}`,
    });
    return ok(undefined);
  },
});
