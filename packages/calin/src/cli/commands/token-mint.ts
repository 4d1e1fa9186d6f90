import { defineCommand } from '../command.ts';
import { SIGNING_OPTIONS } from '../common-options.ts';

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'The minter of the token, who pays the fee',
  },
  asset: {
    kind: 'integer',
    value: 'ID',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    required: true,
    summary: 'Asset id of the token',
  },
  amount: { kind: 'text', value: 'AMOUNT', required: true, summary: 'How much' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin token mint`. */
export const command = defineCommand({
  name: 'token mint',
  summary: 'Mint more of a token; its minter signs.',
  arguments: [],
  options,
  examples: ['token mint --from dev0 --asset 12345 --amount 10'],
  run: async (values, io) => {
    const { planMint } = await import('@calin/client/wallet/plan-token.ts');
    const { changeSupply } = await import('../wallet/change-supply.ts');
    return changeSupply(values, io, {
      done: 'Minted',
      plan: (asset, amount, { address }) => planMint(asset, amount, address),
    });
  },
});
