import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

/** `calin wallet backup`. */
export const command = defineCommand({
  name: 'wallet backup',
  summary: 'Seal the whole wallet into one file: phrase, accounts, locks, contacts and labels.',
  description:
    'Whoever has the file and its password has everything; without the password the file tells nothing, not even whose it is. Accounts that were made by "calin account create" are not in it: they have phrases of their own.',
  arguments: [],
  options: {
    file: { kind: 'text', value: 'FILE', required: true, summary: 'Where to write it' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
    password: PASSWORD_OPTION,
  },
  examples: ['wallet backup --file wallet.calin'],
  run: async (values, io) => {
    const { sealWallet } = await import('@calin/client/wallet/wallet-backup.ts');
    const { argon2idNode } = await import('../../adapters/argon2id.ts');
    const { writeDurably } = await import('../../adapters/durable-file.ts');
    const { systemRandom } = await import('../../adapters/random.ts');
    const { openPhrase } = await import('../accounts/find-account.ts');
    const { ioFailure } = await import('../accounts/key-files.ts');
    const { newPassword } = await import('../accounts/password.ts');
    const { wholeWallet } = await import('../wallet/whole-wallet.ts');
    const { walletPlace } = await import('../wallet/wallet-place.ts');
    const place = walletPlace(values);
    if (!place.ok) return place;
    const wallet = wholeWallet(place.value);
    if (!wallet.ok) return wallet;
    const phrase = await openPhrase(place.value, values.password);
    if (!phrase.ok) return phrase;
    const { dev } = place.value.network;
    const password = await newPassword({ given: values.password, dev });
    if (!password.ok) return password;
    const options = { random: systemRandom, argon2id: argon2idNode };
    const sealed = await sealWallet({ ...wallet.value, phrase: phrase.value }, password.value, options);
    if (!sealed.ok) return sealed;
    try {
      writeDurably(values.file, sealed.value, 0o600);
    } catch (error) {
      return ioFailure(values.file, error);
    }
    const by = values.password === undefined && dev ? 'the public development password' : 'your password';
    io.answer({ json: { file: values.file }, text: `Sealed the wallet with ${by} in ${values.file}` });
    return ok(undefined);
  },
});
