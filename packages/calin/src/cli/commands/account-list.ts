import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin account list`. */
export const command = defineCommand({
  name: 'account list',
  summary: 'List the accounts of the keystore and its wallet, and dev0 to dev9 on development networks.',
  arguments: [],
  options: { data: DATA_OPTION, keystore: KEYSTORE_OPTION },
  examples: ['account list', 'account list --json'],
  run: async (options, io) => {
    const { listKeyFiles } = await import('../accounts/key-files.ts');
    const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
    const { devAccounts } = await import('@calin/client/keys/dev-accounts.ts');
    const { readBook } = await import('../accounts/wallet-files.ts');
    const { formatAddress, keyAddress } = await import('@calin/core/primitives/address.ts');
    const { formatTable } = await import('../output.ts');
    const network = readNetwork(dataFolderOf(options));
    if (!network.ok) return network;
    const files = listKeyFiles(keystoreOf(options));
    if (!files.ok) return files;
    const { dev, addressPrefix, spec } = network.value;
    const book = readBook({ network: network.value, keystore: keystoreOf(options) });
    if (!book.ok) return book;
    const funded = dev ? devAccounts() : [];
    const accounts = [
      ...files.value.map(({ name, file, path }) => ({
        name,
        // A key that was made before its chain has an address with the prefix of that chain now.
        address: spec === undefined ? file.address : formatAddress(keyAddress(file.publicKey), addressPrefix),
        kind: 'keystore',
        file: path,
      })),
      ...(book.value?.accounts ?? []).map(({ name, publicKey }) => ({
        name,
        address: formatAddress(keyAddress(publicKey), addressPrefix),
        kind: 'wallet',
        file: null,
      })),
      ...funded.map(({ name, address }) => ({
        name,
        address: formatAddress(address, addressPrefix),
        kind: 'development',
        file: null,
      })),
    ];
    const rows = accounts.map(({ name, address, kind }) => [name, address, kind]);
    io.answer({ json: accounts, text: rows.length > 0 ? formatTable(rows) : 'The keystore is empty.' });
    return ok(undefined);
  },
});
