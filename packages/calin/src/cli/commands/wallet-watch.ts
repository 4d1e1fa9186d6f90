import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin wallet watch`. */
export const command = defineCommand({
  name: 'wallet watch',
  summary: 'Watch an address whose key is elsewhere: it counts as yours where payments are explained.',
  arguments: [],
  options: {
    name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it: a-z, 0-9, - and _' },
    address: { kind: 'text', value: 'ADDRESS', required: true, summary: 'Address or lock to watch' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
  },
  examples: ['wallet watch --name cold --address dev9'],
  run: async (values, io) => {
    const { nameAddress } = await import('../wallet/wallet-place.ts');
    const address = nameAddress('watched', values);
    if (!address.ok) return address;
    const { name } = values;
    io.answer({ json: { name, address: address.value }, text: `${name}: ${address.value}` });
    return ok(undefined);
  },
});
