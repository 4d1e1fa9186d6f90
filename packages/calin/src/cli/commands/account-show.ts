import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin account show`. */
export const command = defineCommand({
  name: 'account show',
  summary: 'Show the address and the public key of an account.',
  arguments: [
    { name: 'NAME', summary: 'Account of the keystore or its wallet, or dev0 to dev9', required: true },
  ],
  options: { data: DATA_OPTION, keystore: KEYSTORE_OPTION },
  examples: ['account show dev0'],
  run: async (options, io, [name = '']) => {
    const { readKeyFile } = await import('../accounts/key-files.ts');
    const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
    const { devAccount, devIndex } = await import('@calin/client/keys/dev-accounts.ts');
    const { readBook } = await import('../accounts/wallet-files.ts');
    const { formatAddress, keyAddress } = await import('@calin/core/primitives/address.ts');
    const { toHex } = await import('@calin/core/base/bytes.ts');
    const { formatFields } = await import('../output.ts');
    const network = readNetwork(dataFolderOf(options));
    if (!network.ok) return network;
    const index = devIndex(name);
    const book = readBook({ network: network.value, keystore: keystoreOf(options) });
    if (!book.ok) return book;
    const known =
      network.value.dev && index !== undefined
        ? devAccount(index)
        : book.value?.accounts.find((account) => account.name === name);
    if (known !== undefined) {
      const address = formatAddress(keyAddress(known.publicKey), network.value.addressPrefix);
      const publicKey = toHex(known.publicKey);
      io.answer({
        json: { name, address, publicKey, file: null },
        text: formatFields([
          ['Name', name],
          ['Address', address],
          ['Public key', publicKey],
        ]),
      });
      return ok(undefined);
    }
    const found = readKeyFile(keystoreOf(options), name);
    if (!found.ok) return found;
    const { file, path } = found.value;
    const publicKey = toHex(file.publicKey);
    // A key that was made before its chain has an address with the prefix of that chain now.
    const { spec, addressPrefix } = network.value;
    const address =
      spec === undefined ? file.address : formatAddress(keyAddress(file.publicKey), addressPrefix);
    io.answer({
      json: { name, address, publicKey, file: path },
      text: formatFields([
        ['Name', name],
        ['Address', address],
        ['Public key', publicKey],
        ['File', path],
      ]),
    });
    return ok(undefined);
  },
});
