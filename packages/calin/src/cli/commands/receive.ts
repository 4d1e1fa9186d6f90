import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { ACCOUNT_ARGUMENT, DATA_OPTION, KEYSTORE_OPTION } from '../common-options.ts';

const options = {
  amount: { kind: 'text', value: 'AMOUNT', summary: 'How much to ask for, such as 5 or 0.25' },
  asset: {
    kind: 'integer',
    value: 'ID',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    fallback: 0,
    summary: 'Which asset; 0 is CALIN',
  },
  label: { kind: 'text', value: 'TEXT', summary: 'Who is paid, for the payer to read' },
  message: { kind: 'text', value: 'TEXT', summary: 'What for, for the payer to read' },
  data: DATA_OPTION,
  keystore: KEYSTORE_OPTION,
} as const;

/** `calin receive`. */
export const command = defineCommand({
  name: 'receive',
  summary: 'Show the address of an account as a QR code, with the amount to pay if one is given.',
  description:
    'The code holds a payment request such as calin:ADDRESS?amount=5, which "calin send --to" takes too. No node is asked.',
  arguments: [ACCOUNT_ARGUMENT],
  options,
  examples: ['receive alice', 'receive dev1 --amount 2.5 --label Tea'],
  run: (values, io, [account = '']) => receive(values, io, account),
});

async function receive(values: ValuesOf<typeof options>, io: CommandIo, account: string) {
  const { findAddress } = await import('../accounts/find-account.ts');
  const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
  const { formatPaymentUri, parsePaymentUri } = await import('@calin/client/wallet/payment-uri.ts');
  const { qrLines, qrModules } = await import('@calin/client/wallet/qr-code.ts');
  const { formatAddress } = await import('@calin/core/primitives/address.ts');
  const network = readNetwork(dataFolderOf(values));
  if (!network.ok) return network;
  const address = findAddress(account, { network: network.value, keystore: keystoreOf(values) });
  if (!address.ok) return address;
  const { addressPrefix } = network.value;
  const { amount: amountText, asset, label, message } = values;
  const uri = formatPaymentUri({ address: address.value, amountText, asset, label, message }, addressPrefix);
  // What this program would not read, it does not show.
  const checked = parsePaymentUri(uri, addressPrefix);
  if (!checked.ok) return checked;
  const isPainted = process.stdout.isTTY === true && (io.env['NO_COLOR'] ?? '') === '';
  const paint = isPainted ? (line: string) => `\x1b[30;107m${line}\x1b[0m` : undefined;
  io.answer({
    json: { uri, address: formatAddress(address.value, addressPrefix) },
    text: `${qrLines(qrModules(uri), paint).join('\n')}\n${uri}`,
  });
  return ok(undefined);
}
