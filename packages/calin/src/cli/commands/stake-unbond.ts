import { ok } from '@calin/core/base/result.ts';
import { defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS, STAKE_PART_OPTION, STAKER_OPTION, VALIDATOR_ARGUMENT } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = { from: STAKER_OPTION, amount: STAKE_PART_OPTION, ...SIGNING_OPTIONS } as const;

/** `calin stake unbond`. */
export const command = defineCommand({
  name: 'stake unbond',
  summary: 'Take stake out of a validator; it rests before it can be withdrawn.',
  description:
    'While it rests it earns nothing, and still pays for offences of its time. "calin stake show" says when it is free; then "calin stake withdraw" makes coins of it.',
  arguments: [VALIDATOR_ARGUMENT],
  options,
  examples: ['stake unbond dev1 --from dev0 --amount 25', 'stake unbond dev1 --from dev0 --amount all'],
  run: async (values, io, [validator = '']) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, (place) => planUnbonding(values, place, validator));
  },
});

async function planUnbonding(values: ValuesOf<typeof options>, place: StakePlace, named: string) {
  const { planLeaving } = await import('../wallet/leave-validator.ts');
  const { formatHugs } = await import('../wallet/stake.ts');
  const leaving = await planLeaving(values.amount, named, place);
  if (!leaving.ok) return leaving;
  const { validator, shares, worth } = leaving.value;
  return ok({
    done: `Unbonded ${formatHugs(worth)} from ${validator.publicKey}`,
    actions: [{ kind: 'unbond', validator: validator.key, amount: shares }] as const,
    json: { validator: validator.publicKey, shares, worth },
  });
}
