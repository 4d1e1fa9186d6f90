import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, ACCOUNT_OPTIONS } from '../common-options.ts';

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
  csv: {
    kind: 'flag',
    summary: 'Print all of it as CSV, with amounts and names, from a node that keeps the full index',
  },
  ...ACCOUNT_OPTIONS,
} as const;

/** `calin history`. */
export const command = defineCommand({
  name: 'history',
  summary: 'List the transactions of an account, newest first.',
  arguments: [ACCOUNT_ARGUMENT],
  options,
  examples: ['history dev0', 'history alice --limit 5 --json', 'history alice --csv > alice.csv'],
  run: (values, io, [account = '']) => history(values, io, account),
});

async function history(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  return values.csv ? exportCsv(values, io, account) : showPage(values, io, account);
}

async function exportCsv(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connectAccount } = await import('../wallet/connect-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { formatHistoryCsv } = await import('@calin/client/wallet/history-csv.ts');
  const { otherSides, readActivity } = await import('@calin/client/wallet/read-activity.ts');
  const { readNames } = await import('../wallet/names.ts');
  const connection = await connectAccount(values, account);
  if (!connection.ok) return connection;
  const { address, client, network } = connection.value;
  const known = readNames({ network, keystore: keystoreOf(values) });
  if (!known.ok) return known;
  const entries = await readActivity(client, address);
  if (!entries.ok) return entries;
  const sides = await otherSides(client, entries.value, address, known.value.names);
  if (!sides.ok) return sides;
  const csv = formatHistoryCsv(
    entries.value,
    { label: (txid) => known.value.labels.get(txid), contact: (txid) => sides.value.get(txid) },
    (timeMs) => new Date(timeMs).toISOString(),
  );
  // The answer is a line, so the last line end is its own.
  io.answer({ json: { address, csv }, text: csv.slice(0, -1) });
  return ok(undefined);
}

async function showPage(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { connectAccount } = await import('../wallet/connect-account.ts');
  const { formatTable } = await import('../output.ts');
  const connection = await connectAccount(values, account);
  if (!connection.ok) return connection;
  const { address, client } = connection.value;
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
