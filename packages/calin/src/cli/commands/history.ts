import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_OPTIONS } from '../common-options.ts';

const options = {
  limit: { kind: 'integer', value: 'N', min: 1, max: 100, fallback: 20, summary: 'Most entries to show' },
  before: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'Only entries with a smaller number',
    otherwise: 'from the newest one',
  },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin history`. */
export const command = defineCommand({
  name: 'history',
  summary: 'List the transactions of an account, newest first.',
  arguments: [
    { name: 'ACCOUNT', summary: 'An account of the keystore, dev0 to dev9, or an address', required: true },
  ],
  options,
  examples: ['history dev0', 'history alice --limit 5 --json'],
  run: (values, io, [account = '']) => history(values, io, account),
});

async function history(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connect } = await import('../wallet/connect.ts');
  const { findAddress } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { formatAddress } = await import('@calin/core/primitives/address.ts');
  const { formatTable } = await import('../output.ts');
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const { network, client } = connection.value;
  const found = findAddress(account, { network, keystore: keystoreOf(values) });
  if (!found.ok) return found;
  const address = formatAddress(found.value, network.addressPrefix);
  const { limit, before } = values;
  const page = { address, limit, ...(before === undefined ? {} : { before }) };
  const answer = await client.call('account_getHistory', page);
  if (!answer.ok) return answer;
  const { total, entries } = answer.value;
  const rows = entries.map(({ index, height, txid }) => [`${index}`, `${height}`, txid]);
  const text =
    entries.length === 0
      ? 'No transactions.'
      : formatTable([['No.', 'Block', 'Transaction'], ...rows], [0, 1]);
  io.answer({ json: { address, ...answer.value }, text: `${text}\n${entries.length} of ${total}` });
  return ok(undefined);
}
