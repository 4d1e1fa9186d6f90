import { addAddress } from '@calin/client/wallet/edit-wallet.ts';
import type { WalletAccount, WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { type AccountPlace, findAddress } from '../accounts/find-account.ts';
import { checkAccountName } from '../accounts/key-files.ts';
import { dataFolderOf, keystoreOf, readNetwork } from '../accounts/network.ts';
import { checkNotInKeystore, checkNotInWallet, needBook, writeBook } from '../accounts/wallet-files.ts';

/** The options that say where a wallet is. */
export interface WalletValues {
  readonly data: string | undefined;
  readonly keystore: string | undefined;
}

/** The keystore and the network of a wallet. */
export function walletPlace(values: WalletValues): Result<AccountPlace> {
  const network = readNetwork(dataFolderOf(values));
  return network.ok ? ok({ network: network.value, keystore: keystoreOf(values) }) : network;
}

/** Refuses what cannot be a name, and a name that something of the keystore has. */
export function checkNewName(name: string, place: AccountPlace): Result<undefined> {
  const checked = checkAccountName(name);
  if (!checked.ok) return checked;
  const free = checkNotInKeystore(name, place);
  return free.ok ? checkNotInWallet(name, place) : free;
}

/** Changes the wallet of a keystore. */
export function editBook(
  values: WalletValues,
  edit: (book: WalletDocument, place: AccountPlace) => Result<WalletDocument>,
): Result<string> {
  const place = walletPlace(values);
  if (!place.ok) return place;
  const book = needBook(place.value);
  if (!book.ok) return book;
  const edited = edit(book.value, place.value);
  return edited.ok ? writeBook(edited.value, place.value) : edited;
}

/** Gives an address a name; it may be named by another name that is known. */
export function nameAddress(
  list: 'watched' | 'contacts',
  values: WalletValues & { readonly name: string; readonly address: string },
): Result<string> {
  let address = '';
  const edited = editBook(values, (book, place) => {
    const free = checkNewName(values.name, place);
    if (!free.ok) return free;
    const found = findAddress(values.address, place);
    if (!found.ok) return found;
    address = formatAddress(found.value, place.network.addressPrefix);
    return addAddress(book, list, { name: values.name, address });
  });
  return edited.ok ? ok(address) : edited;
}

/** The address of an account of the wallet, as the network writes it. */
export function addressOfKey(account: WalletAccount | undefined, prefix: string): string {
  assert(account !== undefined, 'the wallet has the account that was just added');
  return formatAddress(keyAddress(account.publicKey), prefix);
}
