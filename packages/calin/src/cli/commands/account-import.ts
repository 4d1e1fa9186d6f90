import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

const options = {
  name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it: a-z, 0-9, - and _' },
  from: {
    kind: 'text',
    value: 'KIND',
    choices: ['phrase', 'key', 'file'],
    fallback: 'phrase',
    summary: 'What is imported: phrase, key (secret key in hex) or file (a key file)',
  },
  file: { kind: 'text', value: 'FILE', summary: 'Read it from a file', otherwise: 'the standard input' },
  data: DATA_OPTION,
  keystore: KEYSTORE_OPTION,
  password: PASSWORD_OPTION,
} as const;

/** `calin account import`. */
export const command = defineCommand({
  name: 'account import',
  summary: 'Take in an account from a phrase, a secret key or a key file.',
  description:
    'The secret is read from the standard input or a file and never from the command line, where others could see it. A key file keeps the password it has.',
  arguments: [],
  options,
  examples: [
    'account import --name alice < phrase.txt',
    'account import --name bob --from file --file bob.json',
  ],
  run: (values, io) => importAccount(values, io),
});

async function importAccount(values: ValuesOf<typeof options>, io: CommandIo) {
  const { checkAccountIsNew, checkAccountName } = await import('../accounts/key-files.ts');
  const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
  const { importSecret, readSecretText } = await import('../accounts/import-secret.ts');
  const { checkNotInWallet } = await import('../accounts/wallet-files.ts');
  const name = checkAccountName(values.name);
  if (!name.ok) return name;
  const network = readNetwork(dataFolderOf(values));
  if (!network.ok) return network;
  const keystore = keystoreOf(values);
  const isNew = checkAccountIsNew(keystore, name.value);
  if (!isNew.ok) return isNew;
  const inWallet = checkNotInWallet(name.value, { network: network.value, keystore });
  if (!inWallet.ok) return inWallet;
  const text = await readSecretText(values.file, values.from);
  if (!text.ok) return text;
  const imported = await importSecret({
    kind: values.from,
    text: text.value,
    name: name.value,
    keystore,
    network: network.value,
    password: values.password,
  });
  if (!imported.ok) return imported;
  const { address, file } = imported.value;
  io.answer({
    json: { name: name.value, address, file },
    text: `Imported ${name.value}: ${address}\nSealed in ${file}`,
  });
  return ok(undefined);
}
