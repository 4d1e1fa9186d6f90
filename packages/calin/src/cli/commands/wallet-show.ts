import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

/** `calin wallet show`. */
export const command = defineCommand({
  name: 'wallet show',
  summary: 'Show the accounts, locks, watched addresses, contacts and labels of the wallet.',
  arguments: [],
  options: {
    secret: { kind: 'flag', summary: 'Print the phrase in the clear, and nothing else' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
    password: PASSWORD_OPTION,
  },
  examples: ['wallet show', 'wallet show --secret'],
  run: async (values, io) => {
    const { openPhrase } = await import('../accounts/find-account.ts');
    const { presentWallet, wholeWallet } = await import('../wallet/whole-wallet.ts');
    const { walletPlace } = await import('../wallet/wallet-place.ts');
    const { formatTable, printable } = await import('../output.ts');
    const place = walletPlace(values);
    if (!place.ok) return place;
    if (values.secret) {
      const phrase = await openPhrase(place.value, values.password);
      if (!phrase.ok) return phrase;
      io.note('Whoever sees this has the coins of all accounts. Clear the screen afterwards.');
      io.answer({ json: { phrase: phrase.value }, text: phrase.value });
      return ok(undefined);
    }
    const wallet = wholeWallet(place.value);
    if (!wallet.ok) return wallet;
    const shown = presentWallet(wallet.value);
    const { accounts, locks, watched, contacts, labels } = shown;
    const rows = [
      ...accounts.map(({ name, address }) => ['account', name, address]),
      ...locks.map(({ name, address }) => ['lock', name, address]),
      ...watched.map(({ name, address }) => ['watched', name, address]),
      ...contacts.map(({ name, address }) => ['contact', name, address]),
      ...labels.map(({ of, text }) => ['label', text, of]),
    ];
    io.answer({ json: shown, text: printable(formatTable(rows)) });
    return ok(undefined);
  },
});
