import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { DATA_OPTION } from '../common-options.ts';

/** Bytes of a text that is read: a message of 65,536 characters as JSON, with who signed it. */
const TEXT_BYTES_MAX = 524_288;

const options = {
  file: { kind: 'text', value: 'FILE', summary: 'Read it from a file', otherwise: 'the standard input' },
  data: DATA_OPTION,
} as const;

/** `calin message verify`. */
export const command = defineCommand({
  name: 'message verify',
  summary: 'Check that the address of a signed message has signed it.',
  description: 'Needs no node. Says who signed what, and fails when they did not.',
  arguments: [],
  options,
  examples: ['message verify --file signed.json', 'message verify < signed.json'],
  run: (values, io) => verifyText(values, io),
});

async function verifyText(values: ValuesOf<typeof options>, io: CommandIo) {
  const { dataFolderOf, readNetwork } = await import('../accounts/network.ts');
  const { readInputText } = await import('../input-text.ts');
  const { printable } = await import('../output.ts');
  const { parseSignedMessage, verifyMessage } = await import('@calin/client/wallet/signed-message.ts');
  const network = readNetwork(dataFolderOf(values));
  if (!network.ok) return network;
  const text = await readInputText(values.file, TEXT_BYTES_MAX);
  if (!text.ok) return text;
  const signed = parseSignedMessage(text.value);
  if (!signed.ok) return signed;
  const verified = verifyMessage(signed.value, network.value.addressPrefix);
  if (!verified.ok) return verified;
  const { address, message } = signed.value;
  const lines = message.split('\n').map((line) => `  ${printable(line)}`);
  io.answer({
    json: { valid: true, address, message },
    text: [`Signed by ${address}:`, ...lines].join('\n'),
  });
  return ok(undefined);
}
