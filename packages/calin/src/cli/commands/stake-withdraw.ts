import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from '../command.ts';
import { SIGNING_OPTIONS, STAKER_OPTION } from '../common-options.ts';
import type { StakePlace } from '../wallet/stake.ts';

const options = { from: STAKER_OPTION, ...SIGNING_OPTIONS } as const;

/** `calin stake withdraw`. */
export const command = defineCommand({
  name: 'stake withdraw',
  summary: 'Make coins of all stake that has rested long enough.',
  arguments: [],
  options,
  examples: ['stake withdraw --from dev0'],
  run: async (values, io) => {
    const { changeStake } = await import('../wallet/stake.ts');
    return changeStake(values, io, planWithdrawal);
  },
});

async function planWithdrawal({ connection, accounts, from }: StakePlace) {
  const { withdrawals } = await import('@calin/client/stake/plan-stake.ts');
  const { formatAddress } = await import('@calin/core/primitives/address.ts');
  const { formatHugs } = await import('../wallet/stake.ts');
  const address = formatAddress(from.address, accounts.network.addressPrefix);
  const stake = await connection.client.call('stake_getDelegations', { address });
  if (!stake.ok) return stake;
  const actions = withdrawals(stake.value.unbonding, stake.value.presentEpoch);
  if (!actions.ok) return actions;
  const amount = actions.value.reduce((sum, action) => sum + action.amount, 0);
  return ok({
    done: `Withdrew ${formatHugs(amount)}`,
    actions: actions.value,
    json: { amount, parts: actions.value.length },
  });
}
