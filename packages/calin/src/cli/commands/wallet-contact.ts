import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

/** `calin wallet contact`. */
export const command = defineCommand({
  name: 'wallet contact',
  summary: 'Give the address of somebody a name.',
  arguments: [],
  options: {
    name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it: a-z, 0-9, - and _' },
    address: { kind: 'text', value: 'ADDRESS', required: true, summary: 'Address of the contact' },
    data: DATA_OPTION,
    keystore: KEYSTORE_OPTION,
  },
  examples: ['wallet contact --name bob --address dev8'],
  run: async (values, io) => {
    const { nameAddress } = await import('../wallet/wallet-place.ts');
    const address = nameAddress('contacts', values);
    if (!address.ok) return address;
    const { name } = values;
    io.answer({ json: { name, address: address.value }, text: `${name}: ${address.value}` });
    return ok(undefined);
  },
});
