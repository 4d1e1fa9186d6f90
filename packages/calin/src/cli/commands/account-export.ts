import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

/** `calin account export`. */
export const command = defineCommand({
  name: 'account export',
  summary: 'Print an account as its key file, or its secrets in the clear.',
  description:
    'The key file is sealed and safe to store. With --secret the phrase (if it has one) and the secret key are printed: whoever sees them has the coins.',
  arguments: [{ name: 'NAME', summary: 'Account of the keystore', required: true }],
  options: {
    secret: { kind: 'flag', summary: 'Print the phrase and the secret key in the clear' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
    password: PASSWORD_OPTION,
  },
  examples: ['account export alice > alice.json', 'account export alice --secret'],
  run: async (options, io, [name = '']) => {
    const { readKeyFile } = await import('../accounts/key-files.ts');
    const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
    const network = readNetwork(dataFolderOf(options));
    if (!network.ok) return network;
    const found = readKeyFile(keystoreOf(options), name);
    if (!found.ok) return found;
    if (!options.secret) {
      const { formatKeystoreFile } = await import('@calin/client/keystore/keystore-file.ts');
      const text = formatKeystoreFile(found.value.file);
      io.answer({ json: JSON.parse(text), text: text.trimEnd() });
      return ok(undefined);
    }
    const { openKeyFile } = await import('../accounts/find-account.ts');
    const { toHex } = await import('@calin/core/base/bytes.ts');
    const opened = await openKeyFile(found.value, network.value, options.password);
    if (!opened.ok) return opened;
    const secretKey = toHex(opened.value.secretKey);
    const { mnemonic } = opened.value;
    io.note('Whoever sees this has the coins of the account. Clear the screen afterwards.');
    const phrase = mnemonic === undefined ? [] : [`Phrase: ${mnemonic}`];
    io.answer({
      json: { name, address: found.value.file.address, phrase: mnemonic ?? null, secretKey },
      text: [...phrase, `Secret key: ${secretKey}`].join('\n'),
    });
    return ok(undefined);
  },
});
