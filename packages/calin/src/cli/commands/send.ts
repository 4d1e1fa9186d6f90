import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIGNING_OPTIONS, YES_OPTION } from '../common-options.ts';
import { ORDER_OPTIONS } from '../order-options.ts';
import type { PaymentOrder } from '../wallet/pay.ts';

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Who pays: an account of the keystore, or dev0 to dev9',
  },
  ...ORDER_OPTIONS,
  coins: {
    kind: 'text',
    value: 'COINS',
    summary:
      'Spend these coins and no others: TXID:INDEX as "calin coins" lists them, with commas between them',
    otherwise: 'chosen so that little is left over',
  },
  fee: {
    kind: 'text',
    value: 'SPEED',
    choices: ['slow', 'normal', 'fast'],
    fallback: 'normal',
    summary: 'For which of the next blocks the node estimates the fee: slow 10, normal 2, fast 1',
  },
  'fee-per-gas': {
    kind: 'integer',
    value: 'HUGS',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'What to pay per gas',
    otherwise: 'what the node estimates by --fee',
  },
  'no-wait': { kind: 'flag', summary: 'Return when the node has taken it, not when it is in a block' },
  'dry-run': { kind: 'flag', summary: 'Say in words what would be signed, and sign nothing' },
  yes: YES_OPTION,
  ...SIGNING_OPTIONS,
} as const;

/** Blocks within which each speed is estimated. */
const TARGET_BLOCKS: Readonly<Record<string, number>> = { slow: 10, normal: 2, fast: 1 };

/** `calin send`. */
export const command = defineCommand({
  name: 'send',
  summary: 'Pay coins from an account to another.',
  description:
    'On a terminal it says in words what it is going to sign, warns of what looks wrong, and asks. --yes, --json and a script are not asked.',
  arguments: [],
  options,
  examples: [
    'send --from dev0 --to alice --amount 5',
    'send --from alice --to dev1 --amount 0.5 --fee fast --no-wait',
    'send --from alice --to dev1 --amount 0.5 --dry-run',
  ],
  run: (values, io) => send(values, io),
});

async function send(values: ValuesOf<typeof options>, io: CommandIo) {
  const { connectToSign } = await import('../wallet/connect.ts');
  const { findSigner } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { formatAssetAmount, NATIVE_UNITS } = await import('@calin/client/wallet/asset-units.ts');
  const { parseOutpoints } = await import('../wallet/parse-outpoints.ts');
  const { readOrder } = await import('../wallet/read-order.ts');
  const { formatPayment } = await import('../wallet/present-payment.ts');
  const { pay, planOnly } = await import('../wallet/pay.ts');
  const { tellPayment, formatTold, reviewPayment } = await import('../wallet/review.ts');
  const { printable } = await import('../output.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const place = { network: connection.value.network, keystore: keystoreOf(values) };
  const order = await readOrder(values, connection.value, place);
  if (!order.ok) return order;
  const onlyCoins = values.coins === undefined ? ok(undefined) : parseOutpoints(values.coins);
  if (!onlyCoins.ok) return onlyCoins;
  const from = await findSigner(values.from, place, values.password);
  if (!from.ok) return from;
  const where = { connection: connection.value, place, ownKeys: [from.value.publicKey] };
  const plan: PaymentOrder = {
    outputs: () => [order.value.output],
    actions: [],
    feePerGas: values['fee-per-gas'],
    targetBlocks: TARGET_BLOCKS[values.fee],
    onlyCoins: onlyCoins.value,
    review: (review) => reviewPayment(review, { ...where, io, isAsked: !values.yes }),
    wait: !values['no-wait'],
  };
  if (values['dry-run']) {
    const planned = await planOnly(connection.value, from.value, plan);
    if (!planned.ok) return planned;
    const told = await tellPayment(planned.value, where);
    if (told.ok) io.answer({ json: told.value, text: printable(formatTold(told.value)) });
    return told.ok ? ok(undefined) : told;
  }
  const payment = await pay(connection.value, from.value, plan);
  if (!payment.ok) return payment;
  const { txid, fee, block } = payment.value;
  const { output, units, toText, toName } = order.value;
  const { asset, amount } = output;
  io.answer({
    json: { txid, block: block ?? null, fee, to: toText, asset, amount },
    text: formatPayment(
      `Sent ${formatAssetAmount(amount, units)} from ${values.from} to ${toName}`,
      payment.value,
      formatAssetAmount(fee, NATIVE_UNITS),
    ),
  });
  return ok(undefined);
}
