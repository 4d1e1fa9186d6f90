import { ok } from '@calin/core/base/result.ts';
import { defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS, STAKE_PART_OPTION, STAKER_OPTION, VALIDATOR_ARGUMENT } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = {
  from: STAKER_OPTION,
  to: {
    kind: 'text',
    value: 'VALIDATOR',
    required: true,
    summary: 'The validator that it goes to: its key, or an account or address that is its key',
  },
  amount: STAKE_PART_OPTION,
  ...SIGNING_OPTIONS,
} as const;

/** `calin stake redelegate`. */
export const command = defineCommand({
  name: 'stake redelegate',
  summary: 'Move stake from one validator to another at once.',
  description:
    'For as long as it would have rested, the stake answers for offences of the old validator too, and cannot leave the new one.',
  arguments: [VALIDATOR_ARGUMENT],
  options,
  examples: ['stake redelegate dev1 --to dev2 --from dev0 --amount all'],
  run: async (values, io, [validator = '']) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, (place) => planMove(values, place, validator));
  },
});

async function planMove(values: ValuesOf<typeof options>, place: StakePlace, named: string) {
  const { planLeaving } = await import('../wallet/leave-validator.ts');
  const { findValidator, formatHugs } = await import('../wallet/stake.ts');
  const { refuseStake } = await import('@calin/core/ledger/stake/rules.ts');
  const leaving = await planLeaving(values.amount, named, place);
  if (!leaving.ok) return leaving;
  const to = await findValidator(values.to, place.connection, place.accounts);
  if (!to.ok) return to;
  const { validator, shares, worth } = leaving.value;
  if (to.value.publicKey === validator.publicKey) return refuseStake('stake/same-validator');
  return ok({
    done: `Moved ${formatHugs(worth)} from ${validator.publicKey} to ${to.value.publicKey}`,
    actions: [{ kind: 'redelegate', from: validator.key, to: to.value.key, shares }] as const,
    json: { from: validator.publicKey, to: to.value.publicKey, shares, worth },
  });
}
