import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS } from '../common-options.ts';

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Who pays: an account of the keystore, or dev0 to dev9',
  },
  to: { kind: 'text', value: 'ACCOUNT', required: true, summary: 'Who is paid: an account or an address' },
  amount: { kind: 'text', value: 'AMOUNT', required: true, summary: 'How much, such as 5 or 0.25' },
  asset: {
    kind: 'integer',
    value: 'ID',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    fallback: 0,
    summary: 'Which asset; 0 is CALIN',
  },
  'fee-per-gas': {
    kind: 'integer',
    value: 'HUGS',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'What to pay per gas',
    otherwise: 'what the node estimates',
  },
  'no-wait': { kind: 'flag', summary: 'Return when the node has taken it, not when it is in a block' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin send`. */
export const command = defineCommand({
  name: 'send',
  summary: 'Pay coins from an account to another.',
  arguments: [],
  options,
  examples: ['send --from dev0 --to alice --amount 5', 'send --from alice --to dev1 --amount 0.5 --no-wait'],
  run: (values, io) => send(values, io),
});

async function send(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connectToSign } = await import('../wallet/connect.ts');
  const { findAddress, findSigner } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { assetUnits, formatAssetAmount, NATIVE_UNITS, parseAssetAmount } = await import(
    '../wallet/asset.ts'
  );
  const { pay } = await import('../wallet/pay.ts');
  const { formatPayment } = await import('../wallet/present-payment.ts');
  const { formatAddress } = await import('@calin/core/primitives/address.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const { network } = connection.value;
  const place = { network, keystore: keystoreOf(values) };
  const to = findAddress(values.to, place);
  if (!to.ok) return to;
  const units = await assetUnits(values.asset, connection.value);
  if (!units.ok) return units;
  const amount = parseAssetAmount(values.amount, units.value);
  if (!amount.ok) return amount;
  const from = await findSigner(values.from, place, values.password);
  if (!from.ok) return from;
  const output = { asset: values.asset, amount: amount.value, address: to.value };
  const payment = await pay(connection.value, from.value, {
    outputs: () => [output],
    actions: [],
    feePerGas: values['fee-per-gas'],
    wait: !values['no-wait'],
  });
  if (!payment.ok) return payment;
  const { txid, fee, block } = payment.value;
  const toText = formatAddress(to.value, network.addressPrefix);
  io.answer({
    json: { txid, block: block ?? null, fee, to: toText, asset: values.asset, amount: amount.value },
    text: formatPayment(
      `Sent ${formatAssetAmount(amount.value, units.value)} from ${values.from} to ${values.to}`,
      payment.value,
      formatAssetAmount(fee, NATIVE_UNITS),
    ),
  });
  return ok(undefined);
}
