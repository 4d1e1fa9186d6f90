import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { LOCK_OPTIONS } from '../lock-options.ts';

/** Bytes of a file of a lock that is read. */
const FILE_BYTES_MAX = 8192;

/** `calin lock import`. */
export const command = defineCommand({
  name: 'lock import',
  summary: 'Take in a lock that somebody else has made.',
  description: 'Look at its keys with "calin lock show" before anybody pays to it.',
  arguments: [],
  options: {
    ...LOCK_OPTIONS,
    file: { kind: 'text', value: 'FILE', summary: 'Read it from a file', otherwise: 'the standard input' },
  },
  examples: ['lock import --name fund --file fund.lock.json'],
  run: async (values, io) => {
    const { dataFolderOf, readNetwork } = await import('../accounts/network.ts');
    const { readInputText } = await import('../input-text.ts');
    const { keepLock } = await import('../wallet/keep-lock.ts');
    const { parseLockFile } = await import('@calin/client/wallet/lock-file.ts');
    const { presentLock } = await import('@calin/core/rpc/json/lock.ts');
    const network = readNetwork(dataFolderOf(values));
    if (!network.ok) return network;
    const text = await readInputText(values.file, FILE_BYTES_MAX);
    if (!text.ok) return text;
    const lock = parseLockFile(text.value, network.value.addressPrefix);
    return lock.ok ? keepLock(values, io, () => ok(presentLock(lock.value))) : lock;
  },
});
