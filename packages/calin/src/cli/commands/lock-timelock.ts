import { ok, type Result } from '@calin/core/base/result.ts';
import { defineCommand, type ValuesOf } from '../command.ts';
import { HEIGHT_OPTION, KEYS_OPTION, LOCK_OPTIONS } from '../lock-options.ts';
import { refuseCli } from '../rules.ts';

const options = {
  ...LOCK_OPTIONS,
  keys: KEYS_OPTION,
  threshold: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 16,
    fallback: 1,
    summary: 'How many of the keys must sign',
  },
  'until-height': { ...HEIGHT_OPTION, summary: 'First height at which its coins can be spent' },
  until: {
    kind: 'text',
    value: 'TIME',
    summary: 'First time of a block at which they can, such as 2027-01-31T12:00Z',
  },
} as const;

/** `calin lock timelock`. */
export const command = defineCommand({
  name: 'lock timelock',
  summary: 'Make an address whose coins stay where they are until a height or a time.',
  arguments: [],
  options,
  examples: [
    'lock timelock --name savings --keys alice --until-height 100000',
    'lock timelock --name gift --keys bob --until 2027-01-31T12:00Z',
  ],
  run: async (values, io) => {
    const { keepLock } = await import('../wallet/keep-lock.ts');
    const { parseKeys } = await import('../accounts/parse-keys.ts');
    const { toHex } = await import('@calin/core/base/bytes.ts');
    const from = startOf(values);
    if (!from.ok) return from;
    return keepLock(values, io, (place) => {
      const keys = parseKeys(values.keys, place);
      if (!keys.ok) return keys;
      const publicKeys = keys.value.map(toHex);
      const { threshold } = values;
      const [only] = publicKeys;
      const inner =
        publicKeys.length === 1 && only !== undefined && threshold === 1
          ? ({ kind: 'key', publicKey: only } as const)
          : ({ kind: 'multisig', threshold, publicKeys } as const);
      return ok({ kind: 'timelock', ...from.value, inner });
    });
  },
});

function startOf(
  values: ValuesOf<typeof options>,
): Result<{ readonly unit: 'height' | 'timeMs'; readonly from: number }> {
  const { until, 'until-height': height } = values;
  if ((until === undefined) === (height === undefined))
    return refuseCli('cli/missing', { expected: 'either --until-height or --until' });
  if (height !== undefined) return ok({ unit: 'height', from: height });
  const from = Date.parse(until ?? '');
  // Without its zone a time is another one in every country.
  if (!Number.isSafeInteger(from) || from < 0 || !/(Z|[+-]\d\d:\d\d)$/.test(until ?? ''))
    return refuseCli('cli/option-value', {
      option: '--until',
      got: (until ?? '').slice(0, 80),
      expected: 'a time with its zone, such as 2027-01-31T12:00Z',
    });
  return ok({ unit: 'timeMs', from });
}
