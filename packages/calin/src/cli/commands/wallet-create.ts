import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

/** `calin wallet create`. */
export const command = defineCommand({
  name: 'wallet create',
  summary: 'Make a new wallet: a phrase, sealed with a password, and its first account.',
  description:
    'The phrase is shown by "calin wallet show --secret": write it down. From it alone all accounts are found again; contacts, labels and locks are in the file of "calin wallet backup".',
  arguments: [],
  options: {
    words: {
      kind: 'text',
      value: 'N',
      choices: ['12', '24'],
      fallback: '12',
      summary: 'Words of the new phrase, 12 or 24',
    },
    name: { kind: 'text', value: 'NAME', fallback: 'main', summary: 'What to call the first account' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
    password: PASSWORD_OPTION,
  },
  examples: ['wallet create', 'wallet create --words 24 --name daily'],
  run: async (values, io) => {
    const { createMnemonic, mnemonicToSeed } = await import('@calin/client/keys/mnemonic.ts');
    const { addAccount } = await import('@calin/client/wallet/edit-wallet.ts');
    const { emptyWallet } = await import('@calin/client/wallet/wallet-document.ts');
    const { checkNoWallet, writeWallet } = await import('../accounts/wallet-files.ts');
    const { newPassword } = await import('../accounts/password.ts');
    const { systemRandom } = await import('../../adapters/random.ts');
    const { addressOfKey, checkNewName, walletPlace } = await import('../wallet/wallet-place.ts');
    const place = walletPlace(values);
    if (!place.ok) return place;
    const isNew = checkNoWallet(place.value);
    if (!isNew.ok) return isNew;
    const free = checkNewName(values.name, place.value);
    if (!free.ok) return free;
    const { addressPrefix, dev } = place.value.network;
    const password = await newPassword({ given: values.password, dev });
    if (!password.ok) return password;
    const phrase = createMnemonic(values.words === '24' ? 24 : 12, systemRandom);
    const wallet = addAccount(emptyWallet(addressPrefix, phrase), values.name, mnemonicToSeed(phrase));
    if (!wallet.ok) return wallet;
    const file = await writeWallet(wallet.value, password.value, place.value);
    if (!file.ok) return file;
    const address = addressOfKey(wallet.value.accounts[0], addressPrefix);
    io.answer({
      json: { name: values.name, address, file: file.value },
      text: `Made the wallet with ${values.name}: ${address}\nWrite its phrase down: calin wallet show --secret`,
    });
    return ok(undefined);
  },
});
