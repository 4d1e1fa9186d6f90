import type { ReactNode } from 'react';
import { ActivityChange, ActivityKind } from '../../ui/activity-change.tsx';
import { Age } from '../../ui/age.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Table } from '../../ui/table.tsx';
import type { AccountActivity } from '../../wallet/account-activity.ts';

const COLUMNS = ['Account', 'What', 'Label', 'Transaction', 'Block', 'Age', '>Change'];

/** What happened to accounts, one line for each asset that a transaction moved. */
export function ActivityRows({
  entries,
  label,
}: {
  readonly entries: readonly AccountActivity[];
  /** Draws the label of a transaction. */
  readonly label: (txid: string) => ReactNode;
}) {
  return (
    <Table label="What happened" columns={COLUMNS}>
      {entries.map((entry) => (
        <tr key={`${entry.account} ${entry.txid} ${entry.asset}`}>
          <td className="font-medium">{entry.account}</td>
          <td>
            <ActivityKind entry={entry} />
          </td>
          <td>{label(entry.txid)}</td>
          <td>
            <NameLink kind="transaction" name={entry.txid} />
          </td>
          <td>
            <HeightLink height={entry.height} />
          </td>
          <td className="text-soft">
            <Age timeMs={entry.timeMs} />
          </td>
          <td className="text-right">
            <ActivityChange entry={entry} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
