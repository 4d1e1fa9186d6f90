import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = NODE_OPTIONS;

/** `calin tx`. */
export const command = defineCommand({
  name: 'tx',
  summary: 'Show a transaction and where it is.',
  arguments: [{ name: 'TXID', summary: 'Id of the transaction, 64 hexadecimal digits', required: true }],
  options,
  examples: ['tx 6b2f0c…', 'tx 6b2f0c… --json'],
  run: (values, io, [txid = '']) => showTransaction(values, io, txid),
});

async function showTransaction(values: ValuesOf<typeof options>, io: CommandIo, txid: string) {
  const { parseHash } = await import('../parse-hash.ts');
  const { connect } = await import('../wallet/connect.ts');
  const { assetUnits, formatAssetAmount, NATIVE_UNITS } = await import('@calin/client/wallet/asset-units.ts');
  const { formatFields, printable } = await import('../output.ts');
  const id = parseHash(txid);
  if (!id.ok) return id;
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const answer = await connection.value.client.call('tx_get', { txid: id.value });
  if (!answer.ok) return answer;
  const { transaction, block } = answer.value;
  const fields: [string, string][] = [['Transaction', transaction.txid]];
  if (block === null) fields.push(['Block', 'waits in the pool']);
  else {
    fields.push(['Block', `${block.height} (${block.confirmations} confirmations), ${block.id}`]);
    fields.push([
      'Fee',
      `${formatAssetAmount(block.receipt.fee, NATIVE_UNITS)} for ${block.receipt.gasUsed} gas`,
    ]);
  }
  for (const { txid: from, index } of transaction.inputs) fields.push(['Spends', `${from}:${index}`]);
  for (const { asset, amount, address } of transaction.outputs) {
    const units = await assetUnits(asset, connection.value);
    // A token that was reverted meanwhile is shown in base units.
    const shown = units.ok ? formatAssetAmount(amount, units.value) : `${amount} of asset ${asset}`;
    fields.push(['Pays', `${shown} to ${address}`]);
  }
  for (const action of transaction.actions) fields.push(['Action', JSON.stringify(action)]);
  io.answer({ json: answer.value, text: printable(formatFields(fields)) });
  return ok(undefined);
}
