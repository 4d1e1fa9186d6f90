import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { DATA_OPTION, KEYSTORE_OPTION, PASSWORD_OPTION } from '../common-options.ts';

const options = {
  name: { kind: 'text', value: 'NAME', required: true, summary: 'What to call it: a-z, 0-9, - and _' },
  words: {
    kind: 'text',
    value: 'N',
    choices: ['12', '24'],
    fallback: '12',
    summary: 'Words of the new phrase, 12 or 24',
  },
  balance: {
    kind: 'text',
    value: 'AMOUNT',
    summary: 'Give it coins in the genesis of a chain that has not been started yet',
  },
  data: DATA_OPTION,
  keystore: KEYSTORE_OPTION,
  password: PASSWORD_OPTION,
} as const;

/** `calin account create`. */
export const command = defineCommand({
  name: 'account create',
  summary: 'Make a new account: a key from a new phrase, sealed with a password.',
  description:
    'The phrase is shown by "calin account export NAME --secret": write it down, it is the only way back when the file or the password is lost. On development networks the key is sealed with the public password "calin-dev" unless another one is given: those coins have no value, and a first payment should need no ceremony. Every other network asks for a password.',
  arguments: [],
  options,
  examples: ['account create --name alice', 'account create --name bob --words 24'],
  run: (values, io) => createAccount(values, io),
});

async function createAccount(values: ValuesOf<typeof options>, io: CommandIo) {
  const { checkAccountIsNew, checkAccountName } = await import('../accounts/key-files.ts');
  const { dataFolderOf, keystoreOf, readNetwork } = await import('../accounts/network.ts');
  const { newPassword } = await import('../accounts/password.ts');
  const { sealAndWrite } = await import('../accounts/seal-account.ts');
  const { createMnemonic } = await import('@calin/client/keys/mnemonic.ts');
  const { systemRandom } = await import('../../adapters/random.ts');
  const { rmSync } = await import('node:fs');
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
  const { allocate, checkAllocation } = await import('../accounts/allocation.ts');
  const balance =
    values.balance === undefined ? ok(undefined) : checkAllocation(values.balance, dataFolderOf(values));
  if (!balance.ok) return balance;
  const { dev, addressPrefix } = network.value;
  const password = await newPassword({ given: values.password, dev });
  if (!password.ok) return password;
  const mnemonic = createMnemonic(values.words === '24' ? 24 : 12, systemRandom);
  const written = await sealAndWrite({
    name: name.value,
    secret: { kind: 'mnemonic', mnemonic },
    password: password.value,
    prefix: addressPrefix,
    keystore,
  });
  if (!written.ok) return written;
  const { address, file } = written.value;
  if (balance.value !== undefined) {
    const allocated = allocate(dataFolderOf(values), address, balance.value);
    if (!allocated.ok) {
      rmSync(file, { force: true });
      return allocated;
    }
  }
  const sealedBy = values.password === undefined && dev ? 'the public development password' : 'your password';
  const funded =
    values.balance === undefined ? '' : `\nOwns ${values.balance} CALIN from the start of the chain.`;
  io.answer({
    json: { name: name.value, address, file },
    text: `Made ${name.value}: ${address}\nSealed with ${sealedBy} in ${file}${funded}`,
  });
  return ok(undefined);
}
