import { devAccounts } from '@calin/client/keys/dev-accounts.ts';
import { emptyWallet } from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { addressOf, formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { listKeyFiles } from '../accounts/key-files.ts';
import { listLocks } from '../accounts/lock-files.ts';
import { readBook } from '../accounts/wallet-files.ts';

/** What the keystore calls addresses, and the keys in it. */
export interface KnownNames {
  /** By address, as the network writes it. */
  readonly names: ReadonlyMap<string, string>;
  readonly ownKeys: readonly PublicKey[];
  /** Addresses that are watched. */
  readonly ownAddresses: ReadonlySet<string>;
  /** Labels of transactions by txid, and of addresses. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Reads the names of all accounts, locks and contacts; nothing is opened for it. */
export function readNames(place: AccountPlace): Result<KnownNames> {
  const { addressPrefix, dev } = place.network;
  const files = listKeyFiles(place.keystore);
  if (!files.ok) return files;
  const locks = listLocks(place);
  if (!locks.ok) return locks;
  const book = readBook(place);
  if (!book.ok) return book;
  const { accounts, watched, contacts, labels } = book.value ?? emptyWallet(addressPrefix, undefined);
  const ownKeys = [...files.value.map(({ file }) => file.publicKey), ...accounts.map((one) => one.publicKey)];
  const named = [
    ...(dev ? devAccounts() : []).map(({ name, address }) => ({ name, address })),
    ...files.value.map(({ name, file }) => ({ name, address: keyAddress(file.publicKey) })),
    ...locks.value.map(({ name, lock }) => ({ name, address: addressOf(lock) })),
    ...accounts.map(({ name, publicKey }) => ({ name, address: keyAddress(publicKey) })),
  ];
  const names = new Map(named.map(({ name, address }) => [formatAddress(address, addressPrefix), name]));
  for (const { name, address } of [...watched, ...contacts]) names.set(address, name);
  return ok({
    names,
    ownKeys,
    ownAddresses: new Set(watched.map(({ address }) => address)),
    labels: new Map(labels.map(({ of, text }) => [of, text])),
  });
}
