import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { holdingsQuery, statusQuery } from '../../node/queries.ts';
import { holdingsClaim } from '../../proofs/claims.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { ROUTES } from '../../routes.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { shorten } from '../../words/shorten.ts';
import { ActivityTable } from './activity-table.tsx';
import { AddressCode } from './address-code.tsx';
import { BalanceList } from './balance-list.tsx';
import { CoinTable } from './coin-table.tsx';

const route = getRouteApi(ROUTES.address);

/** One address: what it holds, in which coins, and what has paid to it or spent from it. */
export function AddressPage() {
  const { address } = route.useParams();
  const { data: holdings, error } = useQuery({
    ...holdingsQuery(address),
    placeholderData: keepPreviousData,
  });
  const { data: status } = useQuery(statusQuery);
  const tab = `Address ${shorten(address, 12, 6)}`;
  if (error !== null) {
    return (
      <Page title="Address" tab={tab}>
        <RefusalNotice error={error} />
      </Page>
    );
  }
  return (
    <Page
      title="Address"
      tab={tab}
      above={
        holdings !== undefined && <ProofMark claim={holdingsClaim(address, holdings)} subject={address} />
      }
    >
      <div className="panel relative flex flex-wrap items-start justify-between gap-4 p-4 sm:p-5">
        <div className="min-w-0 grow basis-72 space-y-4">
          <p className="text-sm">
            <span className="break-all font-mono">{address}</span>{' '}
            <CopyButton text={address} what="the address" />
          </p>
          {holdings === undefined ? <Loading lines={2} /> : <BalanceList balances={holdings.balances} />}
        </div>
        <AddressCode address={address} />
      </div>
      {holdings === undefined ? (
        <Panel title="Coins">
          <Loading />
        </Panel>
      ) : (
        <CoinTable
          coins={holdings.coins}
          hasMore={holdings.next !== null}
          nextHeight={(status?.head.height ?? 0) + 1}
        />
      )}
      <ActivityTable key={address} address={address} />
    </Page>
  );
}
