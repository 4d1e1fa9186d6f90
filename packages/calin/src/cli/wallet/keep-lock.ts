import { lockOf } from '@calin/client/wallet/lock-file.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import type { LockJson } from '@calin/core/rpc/json/lock.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { writeLockFile } from '../accounts/lock-files.ts';
import { dataFolderOf, keystoreOf, readNetwork } from '../accounts/network.ts';
import type { CommandIo } from '../command.ts';

/** The options of commands that make a lock. */
export interface LockValues {
  readonly name: string;
  readonly data: string | undefined;
  readonly keystore: string | undefined;
}

/**
 * Makes a lock, keeps it under its name and shows its address.
 *
 * @param describe - the lock by the keys that were named
 * @param more - what the answer says beside it
 */
export function keepLock(
  values: LockValues,
  io: CommandIo,
  describe: (place: AccountPlace) => Result<LockJson>,
  more: Readonly<Record<string, string>> = {},
): Result<undefined> {
  const network = readNetwork(dataFolderOf(values));
  if (!network.ok) return network;
  const place = { network: network.value, keystore: keystoreOf(values) };
  const described = describe(place);
  if (!described.ok) return described;
  const lock = lockOf(described.value);
  if (!lock.ok) return lock;
  const file = writeLockFile(values.name, lock.value, place);
  if (!file.ok) return file;
  const address = formatAddress(addressOf(lock.value), place.network.addressPrefix);
  const extra = Object.entries(more).map(([name, text]) => `${name}: ${text}\n`);
  io.answer({
    json: { name: values.name, address, file: file.value, ...more },
    text: `Made ${values.name}: ${address}\n${extra.join('')}Kept in ${file.value}: all who shall spend from it need a copy`,
  });
  return ok(undefined);
}
