import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';
import { refuseCli } from '../rules.ts';

/** `calin lock show`. */
export const command = defineCommand({
  name: 'lock show',
  summary: 'Show who opens a lock, and how.',
  arguments: [{ name: 'NAME', summary: 'Lock of the keystore', required: true }],
  options: { data: DATA_OPTION, keystore: KEYSTORE_OPTION },
  examples: ['lock show fund'],
  run: async (values, io, [name = '']) => {
    const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
    const { findLock } = await import('../accounts/lock-files.ts');
    const { formatFields } = await import('../output.ts');
    const { describePath, nameOfPath } = await import('@calin/client/wallet/lock-paths.ts');
    const { addressOf, formatAddress } = await import('@calin/core/primitives/address.ts');
    const { spendPaths } = await import('@calin/core/primitives/lock.ts');
    const { presentLock } = await import('@calin/core/rpc/json/lock.ts');
    const network = readNetwork(dataFolderOf(values));
    if (!network.ok) return network;
    const found = findLock(name, { network: network.value, keystore: keystoreOf(values) });
    if (!found.ok) return found;
    if (found.value === undefined) return refuseCli('cli/account-unknown', { got: name.slice(0, 90) });
    const { lock, path: file } = found.value;
    const address = formatAddress(addressOf(lock), network.value.addressPrefix);
    const paths = spendPaths(lock).map((path, i) => [nameOfPath(lock, i), describePath(path)] as const);
    io.answer({
      json: { name, address, file, lock: presentLock(lock) },
      text: formatFields([
        ['Name', name],
        ['Kind', lock.kind],
        ['Address', address],
        ['File', file],
        ...paths,
      ]),
    });
    return ok(undefined);
  },
});
