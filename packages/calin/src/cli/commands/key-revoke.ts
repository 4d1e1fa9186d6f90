import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

/** `calin key revoke`. */
export const command = defineCommand({
  name: 'key revoke',
  summary: 'Take a key of the API back.',
  description:
    'A node that runs refuses new calls with it within a second; open WebSockets end with the node.',
  arguments: [{ name: 'ID', summary: 'The id that "calin key list" shows', required: true }],
  options: { data: DATA_OPTION },
  examples: ['key revoke 0123456789abcdef'],
  run: async ({ data }, io, [id = '']) => {
    const { openKeyFolder } = await import('../key-folder.ts');
    const { revokeApiKey } = await import('../../adapters/api-keys.ts');
    const folder = openKeyFolder(data);
    if (!folder.ok) return folder;
    const revoked = revokeApiKey(folder.value, id);
    if (!revoked.ok) return revoked;
    const { name, role } = revoked.value;
    io.answer({ json: { id, name, role }, text: `Revoked key ${id} of "${name}".` });
    return ok(undefined);
  },
});
