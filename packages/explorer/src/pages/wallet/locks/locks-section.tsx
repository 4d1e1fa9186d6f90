import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../../../ui/icon.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { LockCard } from './lock-card.tsx';
import { LockPage } from './lock-page.tsx';
import { NewLock } from './new-lock.tsx';
import { PublicKeys } from './public-keys.tsx';
import { SignPage } from './sign-page.tsx';
import { TakeInLock } from './take-in-lock.tsx';

/** Items of the section that are no locks: no name begins like this. */
export const LOCK_ITEMS = { make: '~new', sign: '~sign' } as const;

/** Locks: the list of them, one of them, a new one, and files that several sign. */
export function LocksSection({ item }: { readonly item: string | undefined }) {
  const { document } = useWallet();
  if (item === undefined) return <LockList />;
  if (item === LOCK_ITEMS.make) return <NewLock />;
  if (item === LOCK_ITEMS.sign) return <SignPage />;
  const found = document.locks.find(({ name }) => name === item);
  if (found !== undefined) return <LockPage key={item} name={item} lock={found.lock} />;
  return <Notice title="This wallet has no lock of this name.">It was forgotten, or never made here.</Notice>;
}

function LockList() {
  const { document, hasPhrase } = useWallet();
  return (
    <div className="space-y-4 sm:space-y-5">
      <div className="panel flex flex-wrap items-center justify-between gap-4 p-4 sm:p-5">
        <p className="max-w-prose text-sm">
          A lock is an address that takes more than one key: several people, a time, a secret, or guardians
          for the day when a key is lost.
        </p>
        <div className="flex flex-wrap gap-3">
          <ItemLink item={LOCK_ITEMS.make} isMain>
            <Icon name="lock" /> Make a lock
          </ItemLink>
          <ItemLink item={LOCK_ITEMS.sign}>
            <Icon name="pen" /> Sign a file
          </ItemLink>
        </div>
      </div>
      {document.locks.length > 0 && (
        <ul aria-label="Locks" className="grid gap-4 sm:gap-5 lg:grid-cols-2">
          {document.locks.map(({ name, lock }) => (
            <li key={name} className="min-w-0">
              <LockCard name={name} lock={lock} />
            </li>
          ))}
        </ul>
      )}
      <TakeInLock />
      {hasPhrase && <PublicKeys />}
    </div>
  );
}

function ItemLink({
  item,
  isMain = false,
  children,
}: {
  readonly item: string;
  readonly isMain?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Link
      to="/wallet/$section/$item"
      params={{ section: 'locks', item }}
      className={isMain ? 'button button-main' : 'button'}
    >
      {children}
    </Link>
  );
}
