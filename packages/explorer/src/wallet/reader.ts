import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import type { Reader } from '@calin/client/wallet/explain-on-chain.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { addressOf, formatAddress, keyAddress } from '@calin/core/primitives/address.ts';

/** What a wallet calls addresses, as the network writes them: accounts, locks, watched ones and contacts. */
export function namesOf(document: WalletDocument): ReadonlyMap<string, string> {
  const { addressPrefix, accounts, locks, watched, contacts } = document;
  return new Map([
    ...[...watched, ...contacts].map(({ address, name }) => [address, name] as const),
    ...locks.map(({ lock, name }) => [formatAddress(addressOf(lock), addressPrefix), name] as const),
    ...accounts.map(
      ({ publicKey, name }) => [formatAddress(keyAddress(publicKey), addressPrefix), name] as const,
    ),
  ]);
}

/** For whom a transaction is explained: the wallet, and those of its accounts that take part. */
export function readerOf(
  document: WalletDocument,
  { openings }: Pick<PartialTransaction, 'openings'>,
): Reader {
  const ownKeys = document.accounts.map(({ publicKey }) => publicKey);
  const payingKeys = openings.flatMap(({ lock }) => {
    if (lock.kind !== 'key') return [];
    return ownKeys.filter((key) => equalBytes(key, lock.publicKey));
  });
  return {
    ownKeys,
    payingKeys,
    ownAddresses: new Set(document.watched.map(({ address }) => address)),
    names: namesOf(document),
  };
}
