import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  emptyWallet,
  formatWallet,
  parseWallet,
  type WalletDocument,
} from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { writeDurably } from '../../adapters/durable-file.ts';
import { refuseCli } from '../rules.ts';
import type { AccountPlace } from './find-account.ts';
import { ioFailure, type KeyFile, readAt } from './key-files.ts';
import { sealAndWrite } from './seal-account.ts';

/** The sealed phrase, as any key file. A dot is in no name of an account, so neither file is taken for one. */
const PHRASE_NAME = 'phrase.wallet';
/** Everything else, in the clear: a document without its phrase and without locks, which have files of their own. */
const BOOK_FILE = 'book.wallet.json';

/** The wallet of a keystore without its phrase; undefined when there is none. */
export function readBook({ network, keystore }: AccountPlace): Result<WalletDocument | undefined> {
  const path = join(keystore, BOOK_FILE);
  let text: string;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return ok(undefined);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return ioFailure(path, error);
  }
  const book = parseWallet(text);
  if (!book.ok)
    return { ok: false, error: { ...book.error, evidence: { file: path, ...book.error.evidence } } };
  if (book.value.addressPrefix === network.addressPrefix) return book;
  return refuseCli('cli/wallet-network', { got: book.value.addressPrefix, expected: network.addressPrefix });
}

/** The same, refused by `cli/wallet-missing` when there is none. */
export function needBook(place: AccountPlace): Result<WalletDocument> {
  const book = readBook(place);
  if (!book.ok) return book;
  return book.value === undefined
    ? refuseCli('cli/wallet-missing', { keystore: place.keystore })
    : ok(book.value);
}

/** Writes the wallet of a keystore; its phrase and its locks are not in this file. */
export function writeBook(book: WalletDocument, { keystore }: AccountPlace): Result<string> {
  const path = join(keystore, BOOK_FILE);
  try {
    writeDurably(path, formatWallet({ ...book, phrase: undefined, locks: [] }), 0o600);
    return ok(path);
  } catch (error) {
    return ioFailure(path, error);
  }
}

/** The sealed phrase of the wallet. Refuses by `cli/wallet-missing`. */
export function readPhraseFile({ keystore }: AccountPlace): Result<KeyFile> {
  const path = join(keystore, `${PHRASE_NAME}.json`);
  return statSync(path, { throwIfNoEntry: false }) === undefined
    ? refuseCli('cli/wallet-missing', { keystore })
    : readAt(path, 'the wallet');
}

/** Refuses a name that the wallet has given to something. */
export function checkNotInWallet(name: string, place: AccountPlace): Result<undefined> {
  const book = readBook(place);
  if (!book.ok) return book;
  const { accounts, watched, contacts } = book.value ?? emptyWallet('', undefined);
  const taken = [...accounts, ...watched, ...contacts].some((one) => one.name === name);
  return taken
    ? refuseCli('cli/account-exists', { name, file: join(place.keystore, BOOK_FILE) })
    : ok(undefined);
}

/** Refuses a name that an account or a lock of the keystore has. */
export function checkNotInKeystore(name: string, { keystore }: AccountPlace): Result<undefined> {
  for (const file of [join(keystore, `${name}.json`), join(keystore, `${name}.lock.json`)]) {
    if (statSync(file, { throwIfNoEntry: false }) !== undefined)
      return refuseCli('cli/account-exists', { name, file });
  }
  return ok(undefined);
}

/** Refuses by `cli/wallet-exists` when the keystore has a wallet. */
export function checkNoWallet({ keystore }: AccountPlace): Result<undefined> {
  const files = [join(keystore, BOOK_FILE), join(keystore, `${PHRASE_NAME}.json`)];
  const file = files.find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  return file === undefined ? ok(undefined) : refuseCli('cli/wallet-exists', { file });
}

/** Writes a new wallet: its phrase, sealed, and everything else but its locks. */
export async function writeWallet(
  wallet: WalletDocument,
  password: string,
  place: AccountPlace,
): Promise<Result<string>> {
  const { phrase, addressPrefix: prefix } = wallet;
  if (phrase === undefined) return writeBook(wallet, place);
  const secret = { kind: 'mnemonic', mnemonic: phrase } as const;
  const sealed = await sealAndWrite({
    name: PHRASE_NAME,
    secret,
    password,
    prefix,
    keystore: place.keystore,
  });
  if (!sealed.ok) return sealed;
  const book = writeBook(wallet, place);
  // A phrase without its accounts would stand in the way of another try.
  if (!book.ok) rmSync(sealed.value.file, { force: true });
  return book;
}
