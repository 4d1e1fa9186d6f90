import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { presentLock } from '@calin/core/rpc/json/lock.ts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { holdingsQuery } from '../../../node/queries.ts';
import { Loading } from '../../../ui/loading.tsx';
import { NameLink } from '../../../ui/name-link.tsx';
import { Pill } from '../../../ui/pill.tsx';
import { RefusalNotice } from '../../../ui/refusal-notice.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { explainLock } from '../../../words/explain-lock.ts';
import { BalanceList } from '../../address/balance-list.tsx';
import { KIND_WORDS } from './lock-words.ts';

/** A lock in the list: what it holds, and what it asks for. */
export function LockCard({ name, lock }: { readonly name: string; readonly lock: Lock }) {
  const { chain } = useWallet();
  const address = formatAddress(addressOf(lock), chain.network.addressPrefix);
  const { data: holdings, error } = useQuery({
    ...holdingsQuery(address),
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-label={name} className="panel flex h-full min-w-0 flex-col gap-2.5 p-4 sm:p-5">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">
          <Link to="/wallet/$section/$item" params={{ section: 'locks', item: name }} className="link">
            {name}
          </Link>
        </h2>
        <Pill>{KIND_WORDS[lock.kind][0]}</Pill>
      </header>
      <p className="text-sm">
        <NameLink kind="address" name={address} />
      </p>
      {error !== null ? (
        <RefusalNotice error={error} />
      ) : holdings === undefined ? (
        <Loading lines={1} />
      ) : (
        <BalanceList balances={holdings.balances} />
      )}
      <p className="text-sm text-soft">{explainLock(presentLock(lock))}</p>
    </section>
  );
}
