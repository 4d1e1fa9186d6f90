import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { SIGNING_OPTIONS, STAKER_OPTION, VALIDATOR_ARGUMENT } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = {
  from: { ...STAKER_OPTION, summary: 'Who owns the validator and pays the fee' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin stake unjail`. */
export const command = defineCommand({
  name: 'stake unjail',
  summary: 'Let a validator that was silent be chosen again; its owner signs.',
  arguments: [VALIDATOR_ARGUMENT],
  options,
  examples: ['stake unjail dev1 --from dev1'],
  run: async (values, io, [validator = '']) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, (place) => planUnjail(place, validator));
  },
});

async function planUnjail({ connection, accounts }: StakePlace, named: string) {
  const { findValidator } = await import('../wallet/stake.ts');
  const found = await findValidator(named, connection, accounts);
  if (!found.ok) return found;
  const { key, publicKey } = found.value;
  return ok({
    done: `${publicKey} can be chosen again`,
    actions: [{ kind: 'unjail', validator: key }] as const,
    json: { validator: publicKey },
  });
}
