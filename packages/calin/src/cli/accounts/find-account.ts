import { devAccount, devAuthority, devAuthorityIndex, devIndex } from '@calin/client/keys/dev-accounts.ts';
import { addressInWallet, type WalletAccount } from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey, SecretKey } from '@calin/core/crypto/signature.ts';
import { type Address, addressOf, keyAddress, parseAddress } from '@calin/core/primitives/address.ts';
import { argon2idNode } from '../../adapters/argon2id.ts';
import { refuseCli } from '../rules.ts';
import { type KeyFile, readKeyFile } from './key-files.ts';
import { findLock } from './lock-files.ts';
import type { Network } from './network.ts';
import { ask, DEV_PASSWORD, existingPassword } from './password.ts';
import { readBook, readPhraseFile } from './wallet-files.ts';

/** Where accounts are looked up. */
export interface AccountPlace {
  readonly network: Network;
  readonly keystore: string;
}

/** A key that can sign. */
export interface SigningAccount {
  readonly name: string;
  readonly address: Address;
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
}

/**
 * The address that a person named: an address of the network, an account or a lock of the keystore, what the wallet
 * calls an account, a contact or a watched address, dev0 to dev9, or dev-authority, which makes the blocks of
 * development chains.
 */
export function findAddress(text: string, { network, keystore }: AccountPlace): Result<Address> {
  const { addressPrefix, dev } = network;
  const known = dev ? devKey(text) : undefined;
  if (known !== undefined) return ok(known.address);
  if (looksLikeAddress(text)) return parseAddress(text, addressPrefix);
  const lock = findLock(text, { network, keystore });
  if (!lock.ok) return lock;
  if (lock.value !== undefined) return ok(addressOf(lock.value.lock));
  const book = readBook({ network, keystore });
  if (!book.ok) return book;
  const named = book.value === undefined ? undefined : addressInWallet(book.value, text);
  if (named !== undefined) return ok(named);
  const file = readKeyFile(keystore, text);
  return file.ok ? ok(fileAddress(file.value)) : file;
}

/** The public key of an account of the keystore, or of dev0 to dev9: nothing is opened for it. */
export function findPublicKey(name: string, { network, keystore }: AccountPlace): Result<PublicKey> {
  const known = network.dev ? devKey(name) : undefined;
  if (known !== undefined) return ok(known.publicKey);
  if (looksLikeAddress(name)) return refuseAddress(name);
  const account = walletAccount(name, { network, keystore });
  if (!account.ok) return account;
  if (account.value !== undefined) return ok(account.value.publicKey);
  const file = readKeyFile(keystore, name);
  return file.ok ? ok(file.value.file.publicKey) : file;
}

/** A key that everybody knows by this name on development networks. */
function devKey(name: string): SigningAccount | undefined {
  const account = devIndex(name);
  if (account !== undefined) return devAccount(account);
  const authority = devAuthorityIndex(name);
  if (authority === undefined) return undefined;
  const key = devAuthority(authority);
  return { name, ...key, address: keyAddress(key.publicKey) };
}

/** The key that a person named, opened with its password. */
export async function findSigner(
  name: string,
  { network, keystore }: AccountPlace,
  password: string | undefined,
): Promise<Result<SigningAccount>> {
  const known = network.dev ? devKey(name) : undefined;
  if (known !== undefined) return ok(known);
  if (looksLikeAddress(name)) return refuseAddress(name);
  const account = walletAccount(name, { network, keystore });
  if (!account.ok) return account;
  if (account.value !== undefined) return openAccount(account.value, { network, keystore }, password);
  const file = readKeyFile(keystore, name);
  return file.ok ? openKeyFile(file.value, network, password) : file;
}

function walletAccount(name: string, place: AccountPlace): Result<WalletAccount | undefined> {
  const book = readBook(place);
  return book.ok ? ok(book.value?.accounts.find((account) => account.name === name)) : book;
}

/** The key of an account of the wallet. */
async function openAccount(
  { name, index }: WalletAccount,
  place: AccountPlace,
  password: string | undefined,
): Promise<Result<SigningAccount>> {
  const phrase = await openPhrase(place, password);
  if (!phrase.ok) return phrase;
  const { accountKey } = await import('@calin/client/keys/hd.ts');
  const { mnemonicToSeed } = await import('@calin/client/keys/mnemonic.ts');
  const { secretKey, publicKey } = accountKey(mnemonicToSeed(phrase.value), index);
  return ok({ name, address: keyAddress(publicKey), secretKey, publicKey });
}

/** The phrase of the wallet, opened with its password. Refuses by `cli/wallet-missing`. */
export async function openPhrase(place: AccountPlace, password: string | undefined): Promise<Result<string>> {
  const file = readPhraseFile(place);
  if (!file.ok) return file;
  const opened = await openKeyFile(file.value, place.network, password);
  if (!opened.ok) return opened;
  const { mnemonic } = opened.value;
  return mnemonic === undefined
    ? refuseCli('cli/wallet-missing', { keystore: place.keystore })
    : ok(mnemonic);
}

/** Opens a key file with the password that was given, that of development networks, or one that is asked for. */
export async function openKeyFile(
  { name, file }: KeyFile,
  network: Network,
  given: string | undefined,
): Promise<Result<SigningAccount & { readonly mnemonic: string | undefined }>> {
  const { openKeystore } = await import('@calin/client/keystore/keystore.ts');
  const password = await existingPassword({ given, dev: network.dev }, name);
  if (!password.ok) return password;
  let opened = await openKeystore(file, password.value, { argon2id: argon2idNode });
  if (!opened.ok && given === undefined && password.value === DEV_PASSWORD) {
    // A key of a development network that its owner sealed with a password of their own.
    const typed = await ask(`Password of ${name}: `);
    if (typed === undefined) return refuseCli('cli/password-missing', { account: name });
    opened = await openKeystore(file, typed, { argon2id: argon2idNode });
  }
  if (!opened.ok) {
    return { ok: false, error: { ...opened.error, evidence: { account: name, ...opened.error.evidence } } };
  }
  const { secret, secretKey, publicKey } = opened.value;
  const mnemonic = secret.kind === 'mnemonic' ? secret.mnemonic : undefined;
  return ok({ name, address: keyAddress(publicKey), secretKey, publicKey, mnemonic });
}

/**
 * The address of a key on any network. The prefix in the file is that of the network it was made for; an authority has
 * to make its key before there is a genesis file to name it in.
 */
function fileAddress({ file }: KeyFile): Address {
  return keyAddress(file.publicKey);
}

function refuseAddress(name: string): Result<never> {
  return refuseCli('cli/account-unknown', { got: name.slice(0, 90), why: 'an address has no key here' });
}

/** Names are shorter, and hold no prefix with the digit that ends it. */
function looksLikeAddress(text: string): boolean {
  return text.length > 40 || /^(cal|tcal|dcal)1/i.test(text);
}
