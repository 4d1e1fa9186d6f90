import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

const options = {
  name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it, such as who has it' },
  role: {
    kind: 'text',
    value: 'ROLE',
    choices: ['read', 'submit', 'admin'],
    fallback: 'read',
    summary:
      'What it may do: read, also hand in transactions (submit), also what the owner of the node may (admin)',
  },
  rate: {
    kind: 'integer',
    value: 'N',
    min: 0,
    max: 1_000_000,
    fallback: 1000,
    summary: 'Calls in a second; ten seconds of them at once; 0 for any number',
  },
  data: DATA_OPTION,
} as const;

/** `calin key create`. */
export const command = defineCommand({
  name: 'key create',
  summary: 'Make a key for the API of a node.',
  description:
    'The key is shown once: only a hash of it is kept. It is sent with each request, as in "authorization: Bearer KEY"; over a network that others share only by TLS (--tls-cert). A node that runs takes it within a second.',
  arguments: [],
  options,
  examples: ['key create --name shop --role submit', 'key create --name monitor --rate 10 --data ./mychain'],
  run: (values, io) => createKey(values, io),
});

async function createKey({ name, role, rate, data }: ValuesOf<typeof options>, io: CommandIo) {
  const { openKeyFolder } = await import('../key-folder.ts');
  const { createApiKey } = await import('../../adapters/api-keys.ts');
  const folder = openKeyFolder(data);
  if (!folder.ok) return folder;
  const chosen = { name, role: role as 'read' | 'submit' | 'admin', callsPerSecond: rate };
  const made = createApiKey(folder.value, chosen, Date.now());
  if (!made.ok) return made;
  const { key, kept } = made.value;
  io.answer({
    json: { key, id: kept.id, name, role, callsPerSecond: rate },
    text: `${key}\n\nKey ${kept.id} of "${name}", role ${role}. Write it down now: it cannot be shown again.`,
  });
  return ok(undefined);
}
