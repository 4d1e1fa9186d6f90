import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { addressOf, formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import type { AccountPlace } from '../accounts/find-account.ts';
import { listLocks } from '../accounts/lock-files.ts';
import { needBook } from '../accounts/wallet-files.ts';

/** The wallet of a keystore with the locks that lie beside it, without its phrase. */
export function wholeWallet(place: AccountPlace): Result<WalletDocument> {
  const book = needBook(place);
  if (!book.ok) return book;
  const found = listLocks(place);
  if (!found.ok) return found;
  const locks = found.value.map(({ name, lock }) => ({ name, lock }));
  return ok({ ...book.value, locks: locks.toSorted((a, b) => (a.name < b.name ? -1 : 1)) });
}

/** The wallet as JSON for people and programs, without its phrase. */
export function presentWallet({ addressPrefix, accounts, locks, watched, contacts, labels }: WalletDocument) {
  return {
    accounts: accounts.map(({ name, index, publicKey }) => ({
      name,
      index,
      address: formatAddress(keyAddress(publicKey), addressPrefix),
      publicKey: toHex(publicKey),
    })),
    locks: locks.map(({ name, lock }) => ({ name, address: formatAddress(addressOf(lock), addressPrefix) })),
    watched,
    contacts,
    labels,
  };
}
