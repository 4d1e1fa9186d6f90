import { ok } from '@calin/core/base/result.ts';
import { defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS, STAKER_OPTION, VALIDATOR_ARGUMENT } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = {
  from: STAKER_OPTION,
  amount: { kind: 'text', value: 'AMOUNT', required: true, summary: 'How much, such as 5 or 0.25' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin stake delegate`. */
export const command = defineCommand({
  name: 'stake delegate',
  summary: 'Stake coins with a validator.',
  description:
    'The stake shares the rewards of the validator, less its commission, and pays for its offences. "calin validators" lists whom to choose from.',
  arguments: [VALIDATOR_ARGUMENT],
  options,
  examples: ['stake delegate dev1 --from dev0 --amount 100'],
  run: async (values, io, [validator = '']) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, (place) => planDelegation(values, place, validator));
  },
});

async function planDelegation(values: ValuesOf<typeof options>, place: StakePlace, named: string) {
  const { NATIVE_UNITS, parseAssetAmount } = await import('@calin/client/wallet/asset-units.ts');
  const { findValidator, formatHugs } = await import('../wallet/stake.ts');
  const amount = parseAssetAmount(values.amount, NATIVE_UNITS);
  if (!amount.ok) return amount;
  const found = await findValidator(named, place.connection, place.accounts);
  if (!found.ok) return found;
  const { publicKey, key } = found.value;
  return ok({
    done: `Delegated ${formatHugs(amount.value)} to ${publicKey}`,
    actions: [{ kind: 'delegate', validator: key, amount: amount.value }] as const,
    json: { validator: publicKey, amount: amount.value },
  });
}
