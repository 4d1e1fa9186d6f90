import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin lock list`. */
export const command = defineCommand({
  name: 'lock list',
  summary: 'List the locks of the keystore.',
  arguments: [],
  options: { data: DATA_OPTION, keystore: KEYSTORE_OPTION },
  examples: ['lock list'],
  run: async (values, io) => {
    const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
    const { listLocks } = await import('../accounts/lock-files.ts');
    const { formatTable } = await import('../output.ts');
    const { addressOf, formatAddress } = await import('@calin/core/primitives/address.ts');
    const network = readNetwork(dataFolderOf(values));
    if (!network.ok) return network;
    const locks = listLocks({ network: network.value, keystore: keystoreOf(values) });
    if (!locks.ok) return locks;
    const shown = locks.value.map(({ name, lock }) => {
      const address = formatAddress(addressOf(lock), network.value.addressPrefix);
      return { name, kind: lock.kind, address };
    });
    const rows = shown.map(({ name, kind, address }) => [name, kind, address]);
    io.answer({ json: shown, text: rows.length > 0 ? formatTable(rows) : 'The keystore has no locks.' });
    return ok(undefined);
  },
});
