import { equalBytes, fromHex, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import {
  array,
  choice,
  hex,
  type Infer,
  integer,
  object,
  optional,
  string,
} from '@calin/core/base/schema.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { type Address, addressOf, keyAddress, parseAddress } from '@calin/core/primitives/address.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { lockJson, presentLock } from '@calin/core/rpc/json/lock.ts';
import { accountKey } from '../keys/hd.ts';
import { type Mnemonic, mnemonicToSeed, parseMnemonic } from '../keys/mnemonic.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';
import { lockOf } from './lock-file.ts';

/**
 * All that a wallet knows: one phrase with accounts, addresses that are watched, locks, contacts and labels. A value:
 * every function gives a new one. Lists are in order, accounts by index and the others by name; no two things have
 * one name. Without its phrase there is no secret in it.
 */
export interface WalletDocument {
  /** Prefix of the network's addresses. */
  readonly addressPrefix: string;
  readonly phrase: Mnemonic | undefined;
  readonly accounts: readonly WalletAccount[];
  readonly watched: readonly NamedAddress[];
  readonly locks: readonly { readonly name: string; readonly lock: Lock }[];
  readonly contacts: readonly NamedAddress[];
  readonly labels: readonly WalletLabel[];
}

/** A key of the phrase; see accountKey. */
export interface WalletAccount {
  readonly name: string;
  /** 0 to 2^31 − 1. */
  readonly index: number;
  readonly publicKey: PublicKey;
}

/** An address, and what the owner calls it. */
export interface NamedAddress {
  readonly name: string;
  /** As the network writes it. */
  readonly address: string;
}

/** What the owner says of a transaction or an address. */
export interface WalletLabel {
  /** A txid in hexadecimal, or an address as the network writes it. */
  readonly of: string;
  /** 1 to 128 characters. */
  readonly text: string;
}

/** Characters of a whole document: what the limits below allow. */
const TEXT_LENGTH_MAX = 8 * 2 ** 20;
const VERSION = 1;
/** Accounts, watched addresses and locks; of contacts and labels there may be more. */
export const WALLET_LIMITS = { accounts: 1000, watched: 1000, locks: 1000, contacts: 5000, labels: 20_000 };

const name = string('What the owner calls it.', { lengthMax: 32 });
const address = string('Bech32m.', { lengthMax: 90 });
const namedAddress = object('An address with a name.', { name, address });

const documentSchema = object('A wallet.', {
  kind: choice('What it is.', ['calin-wallet']),
  version: integer('Version of the format.', VERSION, VERSION),
  addressPrefix: string('Prefix of the network.', { lengthMax: 16 }),
  phrase: optional(string('The phrase.', { lengthMax: 256 })),
  accounts: array(
    'Keys of the phrase, by index.',
    object('A key.', {
      name,
      index: integer('Account of the path.', 0, 0x7fff_ffff),
      publicKey: hex('Ed25519 public key.', { bytes: 32 }),
    }),
    WALLET_LIMITS.accounts,
  ),
  watched: array('Addresses that are looked at, by name.', namedAddress, WALLET_LIMITS.watched),
  locks: array('Locks, by name.', object('A lock.', { name, lock: lockJson }), WALLET_LIMITS.locks),
  contacts: array('Addresses of others, by name.', namedAddress, WALLET_LIMITS.contacts),
  labels: array(
    'What things are called, by what they are about.',
    object('A label.', { of: address, text: string('The label.', { lengthMax: 128 }) }),
    WALLET_LIMITS.labels,
  ),
});

/** A wallet with nothing in it. */
export function emptyWallet(addressPrefix: string, phrase: Mnemonic | undefined): WalletDocument {
  return { addressPrefix, phrase, accounts: [], watched: [], locks: [], contacts: [], labels: [] };
}

/** The text of a wallet: always the same for the same wallet. */
export function formatWallet(wallet: WalletDocument): string {
  const { addressPrefix, phrase, accounts, watched, locks, contacts, labels } = wallet;
  const named = (list: readonly NamedAddress[]) =>
    list.map((one) => ({ name: one.name, address: one.address }));
  const value: Infer<typeof documentSchema> = {
    kind: 'calin-wallet',
    version: VERSION,
    addressPrefix,
    ...(phrase === undefined ? {} : { phrase }),
    accounts: accounts.map((one) => ({ name: one.name, index: one.index, publicKey: toHex(one.publicKey) })),
    watched: named(watched),
    locks: locks.map((one) => ({ name: one.name, lock: presentLock(one.lock) })),
    contacts: named(contacts),
    labels: labels.map(({ of, text }) => ({ of, text })),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/**
 * Reads the text of a wallet. Refuses by `wallet/document`: what {@link formatWallet} would not write, keys that are
 * not those of the phrase, names that stand twice. An older version would be read by a function of its own and
 * written as the newest one; there is none yet, and a newer one is refused.
 */
export function parseWallet(text: string): Result<WalletDocument> {
  if (text.length > TEXT_LENGTH_MAX) return refuse('it is too long');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  const parsed = documentSchema.parse(json, 'wallet');
  if (!parsed.ok) return refuse(parsed.error.message, `${parsed.error.evidence['path'] ?? ''}`);
  const wallet = walletOf(parsed.value);
  if (!wallet.ok) return wallet;
  const fault = faultOf(wallet.value);
  if (fault !== undefined) return refuse(fault);
  return formatWallet(wallet.value) === text ? wallet : refuse('it is not written in the one way there is');
}

function walletOf(value: Infer<typeof documentSchema>): Result<WalletDocument> {
  const phrase = value.phrase === undefined ? ok(undefined) : parseMnemonic(value.phrase);
  if (!phrase.ok) return refuse('its phrase is none');
  const locks: { name: string; lock: Lock }[] = [];
  for (const one of value.locks) {
    const lock = lockOf(one.lock);
    if (!lock.ok) return lock;
    locks.push({ name: one.name, lock: lock.value });
  }
  const accounts = value.accounts.map((one) => ({ ...one, publicKey: fromHex(one.publicKey) }));
  const { addressPrefix, watched, contacts, labels } = value;
  return ok({ addressPrefix, phrase: phrase.value, accounts, watched, locks, contacts, labels });
}

/** What is wrong with a wallet that has the right shape. */
export function faultOf(wallet: WalletDocument): string | undefined {
  const { addressPrefix, accounts, watched, locks, contacts, labels } = wallet;
  const names = [...accounts, ...watched, ...locks, ...contacts].map((one) => one.name);
  const bad = names.find((one) => !isWalletName(one));
  if (bad !== undefined) return 'a name is not made of a-z, 0-9, hyphen and underscore';
  if (new Set(names).size < names.length) return 'a name stands twice';
  const foreign = [...watched, ...contacts].find((one) => !isAddress(one.address, addressPrefix));
  if (foreign !== undefined) return `${foreign.name} is no address of the network`;
  if (labels.some(({ of }) => !/^[0-9a-f]{64}$/.test(of) && !isAddress(of, addressPrefix)))
    return 'a label is of no transaction and no address';
  if (labels.some(({ text }) => text === '' || !text.isWellFormed() || /\p{Cc}/u.test(text)))
    return 'a label is empty or has control characters';
  const ordered =
    isAscending(accounts.map(({ index }) => index)) &&
    [watched, locks, contacts].every((list) => isAscending(list.map((one) => one.name))) &&
    isAscending(labels.map(({ of }) => of));
  if (!ordered) return 'a list is not in order';
  const limits = Object.entries(WALLET_LIMITS) as [keyof typeof WALLET_LIMITS, number][];
  const long = limits.find(([list, max]) => wallet[list].length > max);
  if (long !== undefined) return `it has more than ${long[1]} ${long[0]}`;
  return keysAreTheirs(wallet) ? undefined : 'a key is not the one of the phrase';
}

function keysAreTheirs({ phrase, accounts }: WalletDocument): boolean {
  if (phrase === undefined) return true;
  const seed = mnemonicToSeed(phrase);
  return accounts.every(({ index, publicKey }) => equalBytes(accountKey(seed, index).publicKey, publicKey));
}

/** The address that a wallet knows by a name; undefined when it knows none. */
export function addressInWallet(wallet: WalletDocument, wanted: string): Address | undefined {
  const account = wallet.accounts.find((one) => one.name === wanted);
  if (account !== undefined) return keyAddress(account.publicKey);
  const lock = wallet.locks.find((one) => one.name === wanted);
  if (lock !== undefined) return addressOf(lock.lock);
  const named = [...wallet.watched, ...wallet.contacts].find((one) => one.name === wanted);
  const parsed = named === undefined ? undefined : parseAddress(named.address, wallet.addressPrefix);
  return parsed?.ok === true ? parsed.value : undefined;
}

/** True for what can be a name: 1 to 32 of a-z, 0-9, hyphen and underscore, beginning with a letter. */
function isWalletName(text: string): boolean {
  return /^[a-z][a-z0-9_-]{0,31}$/.test(text);
}

function isAddress(text: string, prefix: string): boolean {
  // One spelling for each, so that labels and contacts are found by their text.
  return text === text.toLowerCase() && parseAddress(text, prefix).ok;
}

function isAscending(list: readonly (string | number)[]): boolean {
  return list.every((one, i) => i === 0 || (list[i - 1] as string | number) < one);
}

function refuse(why: string, path = ''): Result<never> {
  return refuseWallet('wallet/document', { why, ...(path === '' ? {} : { path }) });
}
