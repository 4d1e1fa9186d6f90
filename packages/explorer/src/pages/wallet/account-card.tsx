import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { holdingsQuery } from '../../node/queries.ts';
import type { BalanceJson } from '../../node/shapes.ts';
import { holdingsClaim } from '../../proofs/claims.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { BalanceList } from '../address/balance-list.tsx';
import { RenameForm } from './rename-form.tsx';
import { TestCoins } from './test-coins.tsx';

/** One account: its name, its address, what it holds, and whether that is proved. */
export function AccountCard({ name, address }: { readonly name: string; readonly address: string }) {
  const { isDev } = useWallet();
  const [isRenaming, setIsRenaming] = useState(false);
  const { data: holdings, error } = useQuery({
    ...holdingsQuery(address),
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-label={name} className="panel flex h-full min-w-0 flex-col gap-3 p-4 sm:p-5">
      <header className="flex flex-wrap items-center justify-between gap-2">
        {isRenaming ? (
          <RenameForm name={name} done={() => setIsRenaming(false)} />
        ) : (
          <h2 className="flex items-center gap-1.5 font-semibold">
            {name}
            <button
              type="button"
              aria-label={`Rename ${name}`}
              className="inline-flex size-6 cursor-pointer items-center justify-center rounded text-soft hover:text-accent"
              onClick={() => setIsRenaming(true)}
            >
              <Icon name="pen" className="size-3.5" />
            </button>
          </h2>
        )}
        {holdings !== undefined && <ProofMark subject={address} claim={holdingsClaim(address, holdings)} />}
      </header>
      <p className="text-sm">
        <NameLink kind="address" name={address} />{' '}
        <CopyButton text={address} what={`the address of ${name}`} />
      </p>
      <div className="grow">
        {error !== null ? (
          <RefusalNotice error={error} />
        ) : holdings === undefined ? (
          <Loading lines={1} />
        ) : isEmpty(holdings.balances) ? (
          <p className="text-soft text-sm">Nothing yet.</p>
        ) : (
          <BalanceList balances={holdings.balances} />
        )}
      </div>
      {isDev && <TestCoins address={address} name={name} />}
    </section>
  );
}

function isEmpty(balances: readonly BalanceJson[]): boolean {
  return balances.every(
    ({ confirmed, immature, incoming, outgoing }) => confirmed + immature + incoming + outgoing === 0,
  );
}
