import { ok } from '@calin/core/base/result.ts';
import { defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS, STAKER_OPTION, VALIDATOR_ARGUMENT } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = {
  from: { ...STAKER_OPTION, summary: 'Who owns the validator and pays the fee' },
  commission: {
    kind: 'text',
    value: 'PERCENT',
    summary: 'What the validator keeps of its rewards from the epoch after the next one on',
    otherwise: 'as it is',
  },
  'pay-to': {
    kind: 'text',
    value: 'ACCOUNT',
    summary: 'Who gets what it keeps, and the tips, from now on',
    otherwise: 'as it is',
  },
  ...SIGNING_OPTIONS,
} as const;

/** `calin stake edit`. */
export const command = defineCommand({
  name: 'stake edit',
  summary: 'Change what a validator keeps, and whom it goes to; its owner signs.',
  arguments: [VALIDATOR_ARGUMENT],
  options,
  examples: ['stake edit dev1 --from dev1 --commission 2.5'],
  run: async (values, io, [validator = '']) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, (place) => planEdit(values, place, validator));
  },
});

async function planEdit(values: ValuesOf<typeof options>, place: StakePlace, named: string) {
  const { refuseStake } = await import('@calin/core/ledger/stake/rules.ts');
  const { findAddress } = await import('../accounts/find-account.ts');
  const { refuseCli } = await import('../rules.ts');
  const { findValidator, readCommission } = await import('../wallet/stake.ts');
  const { commission, 'pay-to': payee } = values;
  if (commission === undefined && payee === undefined) {
    return refuseCli('cli/missing', { expected: '--commission PERCENT or --pay-to ACCOUNT' });
  }
  const found = await findValidator(named, place.connection, place.accounts);
  if (!found.ok) return found;
  const { key, publicKey, pool } = found.value;
  if (pool === null) return refuseStake('stake/validator-unknown', { validator: publicKey });
  const kept = commission === undefined ? ok(pool.nextCommissionPermille) : readCommission(commission);
  if (!kept.ok) return kept;
  const payTo = findAddress(payee ?? pool.payTo, place.accounts);
  if (!payTo.ok) return payTo;
  const action = {
    kind: 'validator-edit',
    validator: key,
    payTo: payTo.value,
    commissionPermille: kept.value,
  } as const;
  return ok({
    done: `Changed ${publicKey}: it keeps ${kept.value / 10} %`,
    actions: [action],
    json: { validator: publicKey, commissionPermille: kept.value },
  });
}
