import { ok } from '@calin/core/base/result.ts';
import { defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS, STAKER_OPTION } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = {
  from: { ...STAKER_OPTION, summary: 'Who owns the validator, bonds the stake and pays the fee' },
  amount: { kind: 'text', value: 'AMOUNT', required: true, summary: 'What is bonded at first, such as 1000' },
  validator: {
    kind: 'text',
    value: 'ACCOUNT',
    summary: 'The key that makes blocks or votes; it agrees by a signature',
    otherwise: 'that of --from',
  },
  commission: {
    kind: 'text',
    value: 'PERCENT',
    fallback: '5',
    summary: 'What the validator keeps of its rewards, such as 2.5',
  },
  'pay-to': {
    kind: 'text',
    value: 'ACCOUNT',
    summary: 'Who gets what it keeps, and the tips',
    otherwise: '--from',
  },
  ...SIGNING_OPTIONS,
} as const;

/** `calin stake bond`. */
export const command = defineCommand({
  name: 'stake bond',
  summary: 'Make a validator and bond the first stake in it.',
  description:
    'A node that runs with "--produce ACCOUNT" of the validator makes its blocks and votes. It is in the set of the third epoch after this one, if it is among those with the most stake then. What is bonded rests for the epochs of unbonding before it can be withdrawn again.',
  arguments: [],
  options,
  examples: [
    'stake bond --from alice --amount 1000',
    'stake bond --from alice --validator node1 --amount 5000',
  ],
  run: async (values, io) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, (place) => planBond(values, place));
  },
});

async function planBond(values: ValuesOf<typeof options>, { accounts, from }: StakePlace) {
  const { NATIVE_UNITS, parseAssetAmount } = await import('@calin/client/wallet/asset-units.ts');
  const { formatHugs, readCommission } = await import('../wallet/stake.ts');
  const { findAddress, findSigner } = await import('../accounts/find-account.ts');
  const { toHex } = await import('@calin/core/base/bytes.ts');
  const amount = parseAssetAmount(values.amount, NATIVE_UNITS);
  if (!amount.ok) return amount;
  const commission = readCommission(values.commission);
  if (!commission.ok) return commission;
  const payTo = values['pay-to'] === undefined ? ok(from.address) : findAddress(values['pay-to'], accounts);
  if (!payTo.ok) return payTo;
  const key =
    values.validator === undefined ? ok(from) : await findSigner(values.validator, accounts, values.password);
  if (!key.ok) return key;
  const { publicKey } = key.value;
  const action = {
    kind: 'bond',
    publicKey,
    payTo: payTo.value,
    amount: amount.value,
    commissionPermille: commission.value,
  } as const;
  return ok({
    done: `Bonded ${formatHugs(amount.value)} with ${toHex(publicKey)}`,
    actions: [action],
    cosigners: [key.value],
    json: { validator: toHex(publicKey), amount: amount.value, commissionPermille: commission.value },
  });
}
