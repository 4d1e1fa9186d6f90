import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

/** `calin key list`. */
export const command = defineCommand({
  name: 'key list',
  summary: 'List the keys of the API of a node, without their secrets.',
  arguments: [],
  options: { data: DATA_OPTION },
  examples: ['key list', 'key list --data ./mychain --json'],
  run: async ({ data }, io) => {
    const { openKeyFolder } = await import('../key-folder.ts');
    const { listApiKeys } = await import('../../adapters/api-keys.ts');
    const { formatTable } = await import('../output.ts');
    const folder = openKeyFolder(data);
    if (!folder.ok) return folder;
    const keys = listApiKeys(folder.value);
    if (!keys.ok) return keys;
    const shown = keys.value.map(({ id, name, role, callsPerSecond, createdMs }) => ({
      id,
      name,
      role,
      callsPerSecond,
      createdMs,
    }));
    const rows = shown.map(({ id, name, role, callsPerSecond, createdMs }) => [
      id,
      name,
      role,
      callsPerSecond === 0 ? 'no limit' : `${callsPerSecond}/s`,
      new Date(createdMs).toISOString(),
    ]);
    io.answer({ json: shown, text: rows.length > 0 ? formatTable(rows) : 'There are no keys.' });
    return ok(undefined);
  },
});
