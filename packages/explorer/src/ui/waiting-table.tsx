import type { MempoolJson } from '../node/shapes.ts';
import { formatCount } from '../words/format-units.ts';
import { Amount } from './amount.tsx';
import { NameLink } from './name-link.tsx';
import { Table } from './table.tsx';

const COLUMNS = ['Transaction', '>Fee', '>Hugs a gas'];

/** Transactions that wait, one in a row. */
export function WaitingTable({ entries }: { readonly entries: MempoolJson['entries'] }) {
  if (entries.length === 0) {
    return (
      <p className="px-4 pb-4 text-sm text-soft sm:px-5">
        Nothing waits. What is sent appears here at once, and is gone when a block has taken it.
      </p>
    );
  }
  return (
    <Table label="Waiting transactions" columns={COLUMNS}>
      {entries.map(({ txid, fee, gas }) => (
        <tr key={txid} className="animate-arrive">
          <td>
            <NameLink kind="transaction" name={txid} />
          </td>
          <td className="text-right">
            <Amount units={fee} />
          </td>
          <td className="text-right text-soft">{formatCount(Math.round(fee / Math.max(1, gas)))}</td>
        </tr>
      ))}
    </Table>
  );
}
