import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, ACCOUNT_OPTIONS } from '../common-options.ts';

const options = ACCOUNT_OPTIONS;

/** `calin balance`. */
export const command = defineCommand({
  name: 'balance',
  summary: 'Show what an account holds.',
  arguments: [ACCOUNT_ARGUMENT],
  options,
  examples: ['balance alice', 'balance dev0 --json'],
  run: (values, io, [account = '']) => balance(values, io, account),
});

async function balance(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connectAccount } = await import('../wallet/connect-account.ts');
  const { assetUnits, formatAssetAmount } = await import('@calin/client/wallet/asset-units.ts');
  const { formatTable, printable } = await import('../output.ts');
  const connection = await connectAccount(values, account);
  if (!connection.ok) return connection;
  const { address, client } = connection.value;
  const answer = await client.call('account_getBalance', { address });
  if (!answer.ok) return answer;
  const rows: string[][] = [];
  const balances: object[] = [];
  for (const entry of answer.value.balances) {
    const units = await assetUnits(entry.asset, connection.value);
    if (!units.ok) return units;
    const waiting = [
      ...(entry.immature > 0 ? [`${formatAssetAmount(entry.immature, units.value)} not mature`] : []),
      ...(entry.incoming > 0 ? [`${formatAssetAmount(entry.incoming, units.value)} coming in`] : []),
      ...(entry.outgoing > 0 ? [`${formatAssetAmount(entry.outgoing, units.value)} going out`] : []),
    ];
    const label = entry.asset === 0 ? '' : `asset ${entry.asset}`;
    rows.push([formatAssetAmount(entry.confirmed, units.value), label, waiting.join(', ')]);
    const { symbol, decimals } = units.value;
    balances.push({ ...entry, symbol, decimals });
  }
  io.answer({ json: { address, balances }, text: printable(formatTable(rows)) });
  return ok(undefined);
}
