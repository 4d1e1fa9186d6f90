import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { historyQuery } from '../../node/queries.ts';
import { HeightLink } from '../../ui/height-link.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { formatCount } from '../../words/format-units.ts';

/** What has paid to an address or spent from it, the newest first, a page at a time. */
export function HistoryTable({ address }: { readonly address: string }) {
  const [pages, setPages] = useState<readonly number[]>([]);
  const before = pages.at(-1);
  const { data, error } = useQuery({ ...historyQuery(address, before), placeholderData: keepPreviousData });
  if (error !== null) return <RefusalNotice error={error} />;
  const next = data?.next ?? null;
  return (
    <Panel
      title="History"
      aside={data === undefined ? undefined : `${formatCount(data.total)} transactions`}
      isFlush={data !== undefined}
    >
      {data === undefined ? (
        <Loading />
      ) : data.total === 0 ? (
        <p className="px-4 pb-4 text-sm text-soft sm:px-5">
          No block holds a transaction that concerns this address.
        </p>
      ) : (
        <Table label="History" columns={['Transaction', 'In block', '>Position']}>
          {data.entries.map(({ txid, height, position, index }) => (
            <tr key={index}>
              <td>
                <NameLink kind="transaction" name={txid} />
              </td>
              <td>
                <HeightLink height={height} />
              </td>
              <td className="text-right text-soft">{position === 0 ? 'reward' : formatCount(position)}</td>
            </tr>
          ))}
        </Table>
      )}
      {(before !== undefined || next !== null) && (
        <div className="flex justify-between gap-3 px-4 pb-4 sm:px-5">
          <button
            type="button"
            className="button"
            disabled={before === undefined}
            onClick={() => setPages(pages.slice(0, -1))}
          >
            <Icon name="back" /> Newer
          </button>
          <button
            type="button"
            className="button"
            disabled={next === null}
            onClick={() => next !== null && setPages([...pages, next])}
          >
            Older <Icon name="forward" />
          </button>
        </div>
      )}
    </Panel>
  );
}
