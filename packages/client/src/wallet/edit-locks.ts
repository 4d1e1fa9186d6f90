import { ok, type Result } from '@calin/core/base/result.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';
import { faultOf, type WalletDocument } from './wallet-document.ts';

/** Keeps a lock under a name that nothing else of the wallet has. Refuses by `wallet/document`. */
export function addLock(wallet: WalletDocument, name: string, lock: Lock): Result<WalletDocument> {
  const locks = [...wallet.locks, { name, lock }].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  // The keys of the phrase are as they were.
  const why = faultOf({ ...wallet, locks, phrase: undefined });
  return why === undefined ? ok({ ...wallet, locks }) : refuseWallet('wallet/document', { why });
}

/**
 * Forgets a lock; without its file nobody spends from its address any more. Refuses by `wallet/name-unknown`.
 */
export function removeLock(wallet: WalletDocument, name: string): Result<WalletDocument> {
  const locks = wallet.locks.filter((one) => one.name !== name);
  if (locks.length < wallet.locks.length) return ok({ ...wallet, locks });
  return refuseWallet('wallet/name-unknown', { got: name.slice(0, 80) });
}
