import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, ACCOUNT_OPTIONS } from '../common-options.ts';

const options = {
  amount: { kind: 'text', value: 'AMOUNT', fallback: '100', summary: 'How many CALIN' },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin faucet`. */
export const command = defineCommand({
  name: 'faucet',
  summary: 'Let a development node pay coins to an account.',
  arguments: [ACCOUNT_ARGUMENT],
  options,
  examples: ['faucet alice', 'faucet alice --amount 2.5'],
  run: (values, io, [account = '']) => faucet(values, io, account),
});

async function faucet(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connectAccount } = await import('../wallet/connect-account.ts');
  const { formatAssetAmount, NATIVE_UNITS, parseAssetAmount } = await import(
    '@calin/client/wallet/asset-units.ts'
  );
  const amount = parseAssetAmount(values.amount, NATIVE_UNITS);
  if (!amount.ok) return amount;
  const connection = await connectAccount(values, account);
  if (!connection.ok) return connection;
  const { address, client } = connection.value;
  const answer = await client.call('dev_faucet', { address, amount: amount.value });
  if (!answer.ok) return answer;
  const { txid } = answer.value;
  io.answer({
    json: { txid, to: address, amount: amount.value },
    text: `Pays ${formatAssetAmount(amount.value, NATIVE_UNITS)} to ${account}\nTransaction  ${txid}`,
  });
  return ok(undefined);
}
