import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
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
  run: (values, io) => burnToken(values, io),
});

async function burnToken(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connectToSign } = await import('../wallet/connect.ts');
  const { findSigner } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { assetUnits, formatAssetAmount, NATIVE_UNITS, parseAssetAmount } = await import(
    '../wallet/asset.ts'
  );
  const { pay } = await import('../wallet/pay.ts');
  const { formatPayment } = await import('../wallet/present-payment.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const units = await assetUnits(values.asset, connection.value);
  if (!units.ok) return units;
  const amount = parseAssetAmount(values.amount, units.value);
  if (!amount.ok) return amount;
  const place = { network: connection.value.network, keystore: keystoreOf(values) };
  const from = await findSigner(values.from, place, values.password);
  if (!from.ok) return from;
  const payment = await pay(connection.value, from.value, {
    outputs: () => [],
    actions: [{ kind: 'token-burn', asset: values.asset, amount: amount.value }],
    feePerGas: undefined,
    wait: true,
  });
  if (!payment.ok) return payment;
  const { txid, fee, block } = payment.value;
  io.answer({
    json: { asset: values.asset, amount: amount.value, txid, block: block ?? null, fee },
    text: formatPayment(
      `Burned ${formatAssetAmount(amount.value, units.value)}`,
      payment.value,
      formatAssetAmount(fee, NATIVE_UNITS),
    ),
  });
  return ok(undefined);
}
