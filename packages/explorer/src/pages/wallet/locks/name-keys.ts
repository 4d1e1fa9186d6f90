import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { equalBytes, parseHex, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { refuseLock } from './rules.ts';

/** What a wallet can say of a key. */
export interface NamedKey {
  readonly publicKey: PublicKey;
  /** In hexadecimal. */
  readonly hex: string;
  /** Of the account, or of the contact whose address is that of the key; undefined when nobody is known by it. */
  readonly name: string | undefined;
  /** True when this wallet can sign with it. */
  readonly isOwn: boolean;
}

type Names = Pick<WalletDocument, 'accounts' | 'contacts' | 'watched' | 'addressPrefix'>;

/** Says whose a key is, as far as a wallet knows. */
export function nameKey(publicKey: PublicKey, document: Names): NamedKey {
  const hex = toHex(publicKey);
  const own = document.accounts.find((account) => equalBytes(account.publicKey, publicKey));
  if (own !== undefined) return { publicKey, hex, name: own.name, isOwn: true };
  const address = formatAddress(keyAddress(publicKey), document.addressPrefix);
  const other = [...document.contacts, ...document.watched].find((one) => one.address === address);
  return { publicKey, hex, name: other?.name, isOwn: false };
}

/** A key that a person named: an account of the wallet, or 64 hexadecimal digits. Refuses by `page/key`. */
export function readKey(text: string, { accounts }: Pick<Names, 'accounts'>): Result<PublicKey> {
  const wanted = text.trim();
  const account = accounts.find(({ name }) => name === wanted);
  if (account !== undefined) return ok(account.publicKey);
  const key = wanted.length === 64 ? parseHex(wanted.toLowerCase()) : undefined;
  return key === undefined ? refuseLock('page/key', { got: wanted.slice(0, 80) }) : ok(key);
}

/** Keys of several lines, or with commas or spaces between them. Refuses by `page/key`. */
export function readKeys(text: string, document: Pick<Names, 'accounts'>): Result<readonly PublicKey[]> {
  const keys: PublicKey[] = [];
  for (const part of text.split(/[\s,;]+/)) {
    if (part === '') continue;
    const key = readKey(part, document);
    if (!key.ok) return key;
    keys.push(key.value);
  }
  return keys.length === 0 ? refuseLock('page/key', { got: '' }) : ok(keys);
}
