import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { KEYS_OPTION, LOCK_OPTIONS, THRESHOLD_OPTION } from '../lock-options.ts';

/** `calin lock multisig`. */
export const command = defineCommand({
  name: 'lock multisig',
  summary: 'Make an address from which several of a set of keys spend together.',
  arguments: [],
  options: { ...LOCK_OPTIONS, threshold: THRESHOLD_OPTION, keys: KEYS_OPTION },
  examples: ['lock multisig --name fund --threshold 2 --keys alice,bob,carol'],
  run: async (values, io) => {
    const { keepLock } = await import('../wallet/keep-lock.ts');
    const { parseKeys } = await import('../accounts/parse-keys.ts');
    const { toHex } = await import('@calin/core/base/bytes.ts');
    return keepLock(values, io, (place) => {
      const keys = parseKeys(values.keys, place);
      if (!keys.ok) return keys;
      return ok({ kind: 'multisig', threshold: values.threshold, publicKeys: keys.value.map(toHex) });
    });
  },
});
