import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { addressOf, formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { devAccounts } from '../../host/dev-accounts.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { listKeyFiles } from '../accounts/key-files.ts';
import { listLocks } from '../accounts/lock-files.ts';

/** What the keystore calls addresses, and the keys in it. */
export interface KnownNames {
  /** By address, as the network writes it. */
  readonly names: ReadonlyMap<string, string>;
  readonly ownKeys: readonly PublicKey[];
  /** Labels of transactions by txid, and of addresses. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Reads the names of all accounts and locks; nothing is opened for it. */
export function readNames(place: AccountPlace): Result<KnownNames> {
  const { addressPrefix, dev } = place.network;
  const files = listKeyFiles(place.keystore);
  if (!files.ok) return files;
  const locks = listLocks(place);
  if (!locks.ok) return locks;
  const ownKeys = files.value.map(({ file }) => file.publicKey);
  const named = [
    ...(dev ? devAccounts() : []).map(({ name, address }) => ({ name, address })),
    ...files.value.map(({ name, file }) => ({ name, address: keyAddress(file.publicKey) })),
    ...locks.value.map(({ name, lock }) => ({ name, address: addressOf(lock) })),
  ];
  const names = new Map(named.map(({ name, address }) => [formatAddress(address, addressPrefix), name]));
  return ok({ names, ownKeys, labels: new Map() });
}
