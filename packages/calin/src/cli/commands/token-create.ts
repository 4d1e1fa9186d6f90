import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS } from '../common-options.ts';

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Who creates it, pays the fee and gets the supply',
  },
  symbol: { kind: 'text', value: 'SYMBOL', required: true, summary: '1 to 12 of A-Z and 0-9' },
  name: { kind: 'text', value: 'TEXT', fallback: '', summary: 'Its name, at most 64 bytes' },
  decimals: { kind: 'integer', value: 'N', min: 0, max: 18, fallback: 8, summary: 'Digits behind the point' },
  supply: { kind: 'text', value: 'AMOUNT', required: true, summary: 'What is minted at once' },
  'supply-max': {
    kind: 'text',
    value: 'AMOUNT',
    summary: 'Most that may ever exist',
    otherwise: 'the supply',
  },
  minter: { kind: 'text', value: 'ACCOUNT', summary: 'Who may mint later', otherwise: 'nobody' },
  ...SIGNING_OPTIONS,
} as const;

/** `calin token create`. */
export const command = defineCommand({
  name: 'token create',
  summary: 'Create a token and mint its first supply.',
  arguments: [],
  options,
  examples: [
    'token create --from dev0 --symbol GOLD --supply 1000',
    'token create --from dev0 --symbol CASH --decimals 2 --supply 100 --supply-max 1000000 --minter dev0',
  ],
  run: (values, io) => createToken(values, io),
});

async function createToken(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connectToSign } = await import('../wallet/connect.ts');
  const { findAddress, findSigner } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { formatAssetAmount, NATIVE_UNITS } = await import('@calin/client/wallet/asset-units.ts');
  const { pay } = await import('../wallet/pay.ts');
  const { formatPayment } = await import('../wallet/present-payment.ts');
  const { planToken } = await import('@calin/client/wallet/plan-token.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const place = { network: connection.value.network, keystore: keystoreOf(values) };
  const minter = values.minter === undefined ? ok(undefined) : findAddress(values.minter, place);
  if (!minter.ok) return minter;
  const from = await findSigner(values.from, place, values.password);
  if (!from.ok) return from;
  const plan = planToken({
    ...values,
    supplyMax: values['supply-max'],
    minter: minter.value,
    owner: from.value.address,
  });
  if (!plan.ok) return plan;
  const payment = await pay(connection.value, from.value, {
    ...plan.value,
    feePerGas: undefined,
    wait: true,
  });
  if (!payment.ok) return payment;
  const { tokenId } = await import('@calin/core/ledger/token.ts');
  const asset = tokenId(payment.value.first.outpoint, 0);
  const { txid, fee, block } = payment.value;
  io.answer({
    json: { asset, symbol: values.symbol, txid, block: block ?? null, fee },
    text: formatPayment(
      `Created ${values.symbol}, asset ${asset}`,
      payment.value,
      formatAssetAmount(fee, NATIVE_UNITS),
    ),
  });
  return ok(undefined);
}
