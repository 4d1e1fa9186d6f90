import { ok, type Result } from '@calin/core/base/result.ts';
import { accountKey } from '../keys/hd.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';
import { faultOf, type NamedAddress, type WalletAccount, type WalletDocument } from './wallet-document.ts';

/** Adds the account that comes after the last one. Refuses by `wallet/document`, such as when the name is taken. */
export function addAccount(
  wallet: WalletDocument,
  name: string,
  seed: Uint8Array,
  index = nextIndex(wallet),
): Result<WalletDocument> {
  return insertAccount(wallet, { name, index, publicKey: accountKey(seed, index).publicKey });
}

/** Adds an account whose key was derived elsewhere from the phrase of the wallet. Refuses by `wallet/document`. */
export function insertAccount(wallet: WalletDocument, account: WalletAccount): Result<WalletDocument> {
  const accounts = [...wallet.accounts, account];
  return checked({ ...wallet, accounts: accounts.toSorted((a, b) => a.index - b.index) });
}

/**
 * Calls an account, a watched address or a contact by another name. Refuses by `wallet/name-unknown`, or by
 * `wallet/document` when the name is taken. What a lock is called stands in its file too, so it keeps its name.
 */
export function rename(wallet: WalletDocument, name: string, wanted: string): Result<WalletDocument> {
  let found = 0;
  const renamed = <Named extends { readonly name: string }>(list: readonly Named[]): readonly Named[] =>
    list.map((one) => {
      if (one.name !== name) return one;
      found += 1;
      return { ...one, name: wanted };
    });
  const byName = (a: NamedAddress, b: NamedAddress) => (a.name < b.name ? -1 : 1);
  const next = {
    ...wallet,
    accounts: renamed(wallet.accounts),
    watched: renamed(wallet.watched).toSorted(byName),
    contacts: renamed(wallet.contacts).toSorted(byName),
  };
  return found === 0 ? refuseWallet('wallet/name-unknown', { got: name.slice(0, 80) }) : checked(next);
}

/** Adds an address to those that are watched, or to the contacts. Refuses by `wallet/document`. */
export function addAddress(
  wallet: WalletDocument,
  list: 'watched' | 'contacts',
  named: NamedAddress,
): Result<WalletDocument> {
  const added = [...wallet[list], { ...named, address: named.address.toLowerCase() }];
  return checked({ ...wallet, [list]: added.toSorted((a, b) => (a.name < b.name ? -1 : 1)) });
}

/**
 * Says what a transaction or an address is; takes the label away when there is no text. Refuses by
 * `wallet/document`.
 */
export function setLabel(
  wallet: WalletDocument,
  of: string,
  text: string | undefined,
): Result<WalletDocument> {
  const others = wallet.labels.filter((label) => label.of !== of.toLowerCase());
  const labels = text === undefined ? others : [...others, { of: of.toLowerCase(), text }];
  return checked({ ...wallet, labels: labels.toSorted((a, b) => (a.of < b.of ? -1 : 1)) });
}

/** Takes a watched address or a contact away. Refuses by `wallet/name-unknown`; accounts stay with their phrase. */
export function removeAddress(wallet: WalletDocument, name: string): Result<WalletDocument> {
  const without = (list: readonly NamedAddress[]) => list.filter((one) => one.name !== name);
  const watched = without(wallet.watched);
  const contacts = without(wallet.contacts);
  if (watched.length + contacts.length === wallet.watched.length + wallet.contacts.length)
    return refuseWallet('wallet/name-unknown', { got: name.slice(0, 80) });
  return ok({ ...wallet, watched, contacts });
}

function nextIndex({ accounts }: WalletDocument): number {
  return (accounts.at(-1)?.index ?? -1) + 1;
}

function checked(wallet: WalletDocument): Result<WalletDocument> {
  // The keys are derived here, so there is no need to derive them again.
  const why = faultOf({ ...wallet, phrase: undefined });
  return why === undefined ? ok(wallet) : refuseWallet('wallet/document', { why });
}
