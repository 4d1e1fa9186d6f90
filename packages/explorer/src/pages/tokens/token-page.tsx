import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { holdersQuery, tokenQuery } from '../../node/queries.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { ROUTES } from '../../routes.ts';
import { Amount } from '../../ui/amount.tsx';
import { CursorButtons } from '../../ui/cursor-buttons.tsx';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { formatCount, formatShare } from '../../words/format-units.ts';
import { TokenFacts } from './token-facts.tsx';

const route = getRouteApi(ROUTES.token);

/** One token: its terms, and who holds it. */
export function TokenPage() {
  const { asset: text } = route.useParams();
  const asset = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  const { data: token, error } = useQuery(tokenQuery(asset));
  return (
    <Page
      title={
        <>
          {token === undefined ? 'Token' : token.symbol}
          {token !== undefined && token.name !== '' && (
            <span className="font-normal text-base text-soft">{token.name}</span>
          )}
        </>
      }
      tab={token === undefined ? 'Token' : `Token ${token.symbol}`}
      above={token !== undefined && <ProofMark claim={{ kind: 'token', token }} subject={`token ${asset}`} />}
    >
      {error !== null && <RefusalNotice error={error} />}
      {token !== undefined && (
        <>
          <TokenFacts token={token} />
          <Holders key={asset} asset={asset} unit={token} />
        </>
      )}
    </Page>
  );
}

function Holders({
  asset,
  unit,
}: {
  readonly asset: number;
  readonly unit: { readonly symbol: string; readonly decimals: number };
}) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { data, error } = useQuery({
    ...holdersQuery(asset, cursors.at(-1)),
    placeholderData: keepPreviousData,
  });
  if (error !== null) return <RefusalNotice error={error} />;
  return (
    <Panel title="Holders" aside={data && formatCount(data.total)} isFlush={data !== undefined}>
      {data === undefined ? (
        <Loading />
      ) : data.holders.length === 0 ? (
        <EmptyRow>Nobody holds any of it: all of it was burned.</EmptyRow>
      ) : (
        <Table label="Holders" columns={['Address', '>Share', '>Amount']}>
          {data.holders.map(({ address, amount }) => (
            <tr key={address}>
              <td>
                <NameLink kind="address" name={address} />
              </td>
              <td className="text-right text-soft">{formatShare(amount, data.supply)}</td>
              <td className="text-right">
                <Amount units={amount} unit={unit} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <CursorButtons cursors={cursors} next={data?.next ?? null} go={setCursors} />
    </Panel>
  );
}
