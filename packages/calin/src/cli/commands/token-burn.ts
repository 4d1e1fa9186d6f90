import { defineCommand } from '../command.ts';
import { SIGNING_OPTIONS } from '../common-options.ts';

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Whose coins are burned, and who pays the fee',
  },
  asset: {
    kind: 'integer',
    value: 'ID',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    required: true,
    summary: 'Asset id of the token',
  },
  amount: { kind: 'text', value: 'AMOUNT', required: true, summary: 'How much' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin token burn`. */
export const command = defineCommand({
  name: 'token burn',
  summary: 'Burn an amount for ever.',
  arguments: [],
  options,
  examples: ['token burn --from dev0 --asset 12345 --amount 10'],
  run: async (values, io) => {
    const { planBurn } = await import('@calin/client/wallet/plan-token.ts');
    const { changeSupply } = await import('../wallet/change-supply.ts');
    return changeSupply(values, io, {
      done: 'Burned',
      plan: planBurn,
    });
  },
});
