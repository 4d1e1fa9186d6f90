import { parseMnemonic } from '@calin/client/keys/mnemonic.ts';
import { restorePhrase as restoreAccounts } from '@calin/client/wallet/restore-phrase.ts';
import { openWallet } from '@calin/client/wallet/wallet-backup.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { argon2idNode } from '../../adapters/argon2id.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { readSecretText } from '../accounts/import-secret.ts';
import { writeLockFile } from '../accounts/lock-files.ts';
import { keystoreOf } from '../accounts/network.ts';
import { existingPassword, newPassword } from '../accounts/password.ts';
import { checkNotInKeystore, checkNoWallet, writeWallet } from '../accounts/wallet-files.ts';
import type { CommandIo } from '../command.ts';
import { readInputText } from '../input-text.ts';
import { formatTable, printable } from '../output.ts';
import { refuseCli } from '../rules.ts';
import { connect, type NodeOptions } from './connect.ts';
import { walletPlace } from './wallet-place.ts';
import { presentWallet } from './whole-wallet.ts';

/** What a person says about a restoration. */
export interface RestoreValues extends NodeOptions {
  readonly file: string | undefined;
  readonly keystore: string | undefined;
  readonly password: string | undefined;
}

/** Bytes of a backup; see wallet-backup.ts. */
const BACKUP_BYTES_MAX = 34 * 2 ** 20;

/** Brings everything back that a backup file holds; no node is asked. */
export async function restoreBackup(values: RestoreValues, io: CommandIo): Promise<Result<undefined>> {
  const place = walletPlace(values);
  if (!place.ok) return place;
  const isNew = checkNoWallet(place.value);
  if (!isNew.ok) return isNew;
  const text = await readInputText(values.file, BACKUP_BYTES_MAX);
  if (!text.ok) return text;
  const { dev, addressPrefix } = place.value.network;
  const password = await existingPassword({ given: values.password, dev }, 'the backup');
  if (!password.ok) return password;
  const wallet = await openWallet(text.value, password.value, argon2idNode);
  if (!wallet.ok) return wallet;
  const got = wallet.value.addressPrefix;
  if (got !== addressPrefix) return refuseCli('cli/wallet-network', { got, expected: addressPrefix });
  return keep(wallet.value, password.value, place.value, io);
}

/** Brings the accounts of a phrase back that the chain knows of. */
export async function restorePhrase(values: RestoreValues, io: CommandIo): Promise<Result<undefined>> {
  const connection = await connect(values);
  if (!connection.ok) return connection;
  const { network, client } = connection.value;
  const place = { network, keystore: keystoreOf(values) };
  const isNew = checkNoWallet(place);
  if (!isNew.ok) return isNew;
  const text = await readSecretText(values.file, 'phrase');
  if (!text.ok) return text;
  const phrase = parseMnemonic(text.value);
  if (!phrase.ok) return phrase;
  const password = await newPassword({ given: values.password, dev: network.dev });
  if (!password.ok) return password;
  const wallet = await restoreAccounts(phrase.value, network.addressPrefix, client, ({ looked, used }) =>
    io.note(`Looked at ${looked} accounts: ${used} were used`),
  );
  return wallet.ok ? keep(wallet.value, password.value, place, io) : wallet;
}

/** Writes a wallet that was brought back; nothing is written when one of its names is taken. */
async function keep(
  wallet: WalletDocument,
  password: string,
  place: AccountPlace,
  io: CommandIo,
): Promise<Result<undefined>> {
  for (const { name } of [...wallet.accounts, ...wallet.watched, ...wallet.contacts, ...wallet.locks]) {
    const free = checkNotInKeystore(name, place);
    if (!free.ok) return free;
  }
  const written = await writeWallet(wallet, password, place);
  if (!written.ok) return written;
  for (const { name, lock } of wallet.locks) {
    const file = writeLockFile(name, lock, place);
    if (!file.ok) return file;
  }
  const shown = presentWallet(wallet);
  const rows = shown.accounts.map(({ name, address }) => [name, address]);
  io.answer({ json: shown, text: printable(formatTable(rows)) });
  return ok(undefined);
}
