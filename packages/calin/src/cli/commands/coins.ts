import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, ACCOUNT_OPTIONS } from '../common-options.ts';

const options = {
  limit: { kind: 'integer', value: 'N', min: 1, max: 1000, fallback: 100, summary: 'Most coins to show' },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin coins`. */
export const command = defineCommand({
  name: 'coins',
  summary: 'List the coins of an account, as "calin send --coins" takes them.',
  arguments: [ACCOUNT_ARGUMENT],
  options,
  examples: ['coins alice', 'coins dev0 --limit 10 --json'],
  run: (values, io, [account = '']) => coins(values, io, account),
});

async function coins(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connectAccount } = await import('../wallet/connect-account.ts');
  const { assetUnits, formatAssetAmount } = await import('@calin/client/wallet/asset-units.ts');
  const { formatTable, printable } = await import('../output.ts');
  const connection = await connectAccount(values, account);
  if (!connection.ok) return connection;
  const { address, client, status } = connection.value;
  const answer = await client.call('account_getCoins', { address, limit: values.limit });
  if (!answer.ok) return answer;
  const rows: string[][] = [];
  for (const { outpoint, asset, amount, height, spendableHeight, spentInPool } of answer.value.coins) {
    const units = await assetUnits(asset, connection.value);
    if (!units.ok) return units;
    const waits = spendableHeight > status.head.height + 1 ? `from height ${spendableHeight} on` : '';
    const place = `${outpoint.txid}:${outpoint.index}`;
    rows.push([
      place,
      formatAssetAmount(amount, units.value),
      `${height}`,
      spentInPool ? 'being spent' : waits,
    ]);
  }
  const more = answer.value.next === null ? '' : '\nThere are more: --limit shows up to 1000.';
  const text =
    rows.length === 0 ? 'No coins.' : formatTable([['Coin', 'Amount', 'Block', ''], ...rows], [1, 2]);
  io.answer({ json: { address, ...answer.value }, text: printable(`${text}${more}`) });
  return ok(undefined);
}
