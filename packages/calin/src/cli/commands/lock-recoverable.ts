import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { HEIGHT_OPTION, LOCK_OPTIONS, THRESHOLD_OPTION } from '../lock-options.ts';

/** `calin lock recoverable`. */
export const command = defineCommand({
  name: 'lock recoverable',
  summary: 'Make an address that its owner spends from, and guardians when the owner has lost the key.',
  description:
    'Guardians can spend a coin once it has rested for a number of blocks. An owner who still has the key sees that coming and moves the coins first, which also lets them rest anew.',
  arguments: [],
  options: {
    ...LOCK_OPTIONS,
    owner: {
      kind: 'text',
      value: 'KEY',
      required: true,
      summary: 'Whose it is: an account or a public key',
    },
    guardians: {
      kind: 'text',
      value: 'KEYS',
      required: true,
      summary: 'Up to 16 accounts or public keys, with commas between them',
    },
    threshold: { ...THRESHOLD_OPTION, summary: 'How many of the guardians must sign' },
    'rest-blocks': {
      ...HEIGHT_OPTION,
      required: true,
      summary: 'Blocks that a coin must rest before they can',
    },
  },
  examples: [
    'lock recoverable --name safe --owner alice --guardians bob,carol,dave --threshold 2 --rest-blocks 50000',
  ],
  run: async (values, io) => {
    const { keepLock } = await import('../wallet/keep-lock.ts');
    const { parseKey, parseKeys } = await import('../accounts/parse-keys.ts');
    const { toHex } = await import('@calin/core/base/bytes.ts');
    return keepLock(values, io, (place) => {
      const owner = parseKey(values.owner, place);
      if (!owner.ok) return owner;
      const guardians = parseKeys(values.guardians, place);
      if (!guardians.ok) return guardians;
      return ok({
        kind: 'recoverable',
        owner: toHex(owner.value),
        threshold: values.threshold,
        guardians: guardians.value.map(toHex),
        restBlocks: values['rest-blocks'],
      });
    });
  },
});
