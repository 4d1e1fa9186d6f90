import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import { useSyncExternalStore } from 'react';
import type { WalletSession } from '../../../wallet/wallet-session.ts';

let held: PartialTransaction | undefined;
const listeners = new Set<() => void>();
const watched = new WeakSet<WalletSession>();

function change(partial: PartialTransaction | undefined): void {
  held = partial;
  for (const listener of listeners) listener();
}

/**
 * The transaction that is open to be signed, and the way to put another in its place. It outlives the page it was made
 * on, and not the session: the secret of a hash lock may be in it.
 */
export function useOpenPartial(
  session: WalletSession,
): readonly [PartialTransaction | undefined, (partial: PartialTransaction | undefined) => void] {
  const partial = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );
  const hold = (next: PartialTransaction | undefined) => {
    forgetWhenLocked(session);
    change(next);
  };
  return [partial, hold];
}

function forgetWhenLocked(session: WalletSession): void {
  if (watched.has(session)) return;
  watched.add(session);
  session.subscribe(() => {
    if (session.state.kind !== 'open' && held !== undefined) change(undefined);
  });
}
