import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { activityQuery } from '../../node/queries.ts';
import { RefusedCall } from '../../node/rpc.ts';
import { ActivityChange, ActivityKind } from '../../ui/activity-change.tsx';
import { Age } from '../../ui/age.tsx';
import { CursorButtons } from '../../ui/cursor-buttons.tsx';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { HistoryTable } from './history-table.tsx';

const COLUMNS = ['Transaction', 'What', 'Block', 'Age', '>Change'];

/**
 * What transactions did for an address, with amounts, the newest first. A node without the full index lists the
 * transactions alone.
 */
export function ActivityTable({ address }: { readonly address: string }) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { data, error } = useQuery({
    ...activityQuery(address, cursors.at(-1)),
    placeholderData: keepPreviousData,
  });
  if (error instanceof RefusedCall && error.refusal.rule === 'index/off')
    return <HistoryTable address={address} />;
  if (error !== null) return <RefusalNotice error={error} />;
  return (
    <Panel title="History" isFlush={data !== undefined}>
      {data === undefined ? (
        <Loading />
      ) : data.entries.length === 0 ? (
        <EmptyRow>No block holds a transaction that concerns this address.</EmptyRow>
      ) : (
        <Table label="History" columns={COLUMNS}>
          {data.entries.map((entry) => (
            <tr key={`${entry.txid} ${entry.asset}`}>
              <td>
                <NameLink kind="transaction" name={entry.txid} />
              </td>
              <td>
                <ActivityKind entry={entry} />
              </td>
              <td>
                <HeightLink height={entry.height} />
              </td>
              <td className="text-soft">{entry.height === 0 ? 'genesis' : <Age timeMs={entry.timeMs} />}</td>
              <td className="text-right">
                <ActivityChange entry={entry} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <CursorButtons cursors={cursors} next={data?.next ?? null} go={setCursors} />
    </Panel>
  );
}
