import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { holdingsQuery } from '../../node/queries.ts';
import { Amount } from '../../ui/amount.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { AccountCard } from './account-card.tsx';
import { AddAccount } from './add-account.tsx';
import { LatestActivity } from './latest-activity.tsx';
import { WatchedPanel } from './watched-panel.tsx';

/** Accounts that are shown at once: each is asked for with every block. */
const PAGE = 24;

/** What the wallet holds in all, and in each of its accounts. */
export function OverviewSection() {
  const { document, addressOf } = useWallet();
  const [shown, setShown] = useState(PAGE);
  const accounts = document.accounts
    .slice(0, shown)
    .map((account) => ({ ...account, address: addressOf(account) }));
  return (
    <div className="space-y-4 sm:space-y-5">
      <div className="panel flex flex-wrap items-center justify-between gap-4 p-4 sm:p-5">
        <Total
          addresses={accounts.map(({ address }) => address)}
          isWhole={shown >= document.accounts.length}
        />
        <div className="flex flex-wrap gap-3">
          <Link to="/wallet/$section" params={{ section: 'send' }} className="button button-main">
            <Icon name="arrow" /> Send
          </Link>
          <Link to="/wallet/$section" params={{ section: 'receive' }} className="button">
            <Icon name="code" /> Receive
          </Link>
        </div>
      </div>
      <ul aria-label="Accounts" className="grid gap-4 sm:gap-5 lg:grid-cols-2">
        {accounts.map(({ name, address }) => (
          <li key={address} className="min-w-0">
            <AccountCard name={name} address={address} />
          </li>
        ))}
      </ul>
      {shown < document.accounts.length && (
        <button type="button" className="button" onClick={() => setShown(shown + PAGE)}>
          More accounts
        </button>
      )}
      <AddAccount />
      <WatchedPanel />
      <LatestActivity addresses={accounts.map(({ address }) => address)} />
    </div>
  );
}

function Total({ addresses, isWhole }: { readonly addresses: readonly string[]; readonly isWhole: boolean }) {
  const total = useQueries({
    queries: addresses.map((address) => holdingsQuery(address)),
    combine: (answers) =>
      answers.reduce<number | undefined>((sum, { data }) => {
        const native = data?.balances.find(({ asset }) => asset === 0);
        return data === undefined || sum === undefined ? undefined : sum + (native?.confirmed ?? 0);
      }, 0),
  });
  return (
    <div>
      <p className="caption">{isWhole ? 'In all accounts' : `In the first ${addresses.length} accounts`}</p>
      <p className="min-h-9 font-semibold text-2xl sm:text-3xl">
        {total === undefined ? <span className="text-soft">…</span> : <Amount units={total} />}
      </p>
    </div>
  );
}
