import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { NODE_OPTIONS } from '../common-options.ts';

const options = NODE_OPTIONS;

/** `calin token show`. */
export const command = defineCommand({
  name: 'token show',
  summary: 'Show a token.',
  arguments: [{ name: 'ASSET', summary: 'Asset id of the token', required: true }],
  options,
  examples: ['token show 12345'],
  run: (values, io, [asset = '']) => showToken(values, io, asset),
});

async function showToken(values: ValuesOf<typeof options>, io: CommandIo, asset: string) {
  const { connect } = await import('../wallet/connect.ts');
  const { formatAssetAmount } = await import('@calin/client/wallet/asset-units.ts');
  const { formatFields, printable } = await import('../output.ts');
  const { refuseCli } = await import('../rules.ts');
  const id = /^\d{1,16}$/.test(asset) ? Number(asset) : Number.NaN;
  if (!Number.isSafeInteger(id)) {
    return refuseCli('cli/option-value', {
      option: 'ASSET',
      got: asset.slice(0, 80),
      expected: 'a whole number',
    });
  }
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const answer = await connection.value.client.call('token_get', { asset: id });
  if (!answer.ok) return answer;
  const { symbol, name, decimals, supply, supplyMax, minter, height, txid } = answer.value;
  const units = { asset: id, symbol, decimals };
  const text = formatFields([
    ['Asset', `${id}`],
    ['Symbol', symbol],
    ['Name', name],
    ['Decimals', `${decimals}`],
    ['Supply', formatAssetAmount(supply, units)],
    ['At most', formatAssetAmount(supplyMax, units)],
    ['Minter', minter ?? 'nobody'],
    ['Created', `block ${height}, ${txid}`],
  ]);
  io.answer({ json: answer.value, text: printable(text) });
  return ok(undefined);
}
