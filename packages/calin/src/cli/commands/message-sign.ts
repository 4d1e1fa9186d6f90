import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

/** Bytes of a message that is read: characters of four bytes each. */
const MESSAGE_BYTES_MAX = 4 * 65_536;

const options = {
  from: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Who signs: an account of the keystore, or dev0 to dev9',
  },
  text: { kind: 'text', value: 'TEXT', summary: 'The message' },
  file: { kind: 'text', value: 'FILE', summary: 'Read it from a file', otherwise: 'the standard input' },
  data: DATA_OPTION,
  keystore: KEYSTORE_OPTION,
  password: PASSWORD_OPTION,
} as const;

/** `calin message sign`. */
export const command = defineCommand({
  name: 'message sign',
  summary: 'Sign a message, so that others can check that the address says it.',
  description:
    'Needs no node. The signature is made in a domain of its own: it can never be taken for a payment, whatever the message says.',
  arguments: [],
  options,
  examples: [
    'message sign --from alice --text Arrived.',
    'message sign --from dev0 --file contract.txt > signed.json',
  ],
  run: (values, io) => signText(values, io),
});

async function signText(values: ValuesOf<typeof options>, io: CommandIo) {
  const { findSigner } = await import('../accounts/find-account.ts');
  const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
  const { readInputText } = await import('../input-text.ts');
  const { formatSignedMessage, signMessage } = await import('@calin/client/wallet/signed-message.ts');
  const { keySigner } = await import('@calin/client/transaction-builder/sign-transaction.ts');
  const network = readNetwork(dataFolderOf(values));
  if (!network.ok) return network;
  const message =
    values.text === undefined ? await readInputText(values.file, MESSAGE_BYTES_MAX) : ok(values.text);
  if (!message.ok) return message;
  const place = { network: network.value, keystore: keystoreOf(values) };
  const account = await findSigner(values.from, place, values.password);
  if (!account.ok) return account;
  const signed = signMessage(message.value, keySigner(account.value.secretKey), network.value.addressPrefix);
  if (!signed.ok) return signed;
  io.answer({ json: signed.value, text: formatSignedMessage(signed.value).trimEnd() });
  return ok(undefined);
}
