import { useState } from 'react';
import type { FullBlock } from '../../node/shapes.ts';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TransactionTable } from '../../ui/transaction-table.tsx';
import { formatCount } from '../../words/format-units.ts';

/** Transactions that are drawn at a time. */
const STEP = 50;

/** The transactions of a block; by their ids alone where they are too many for one answer. */
export function BlockTransactions({
  block: { txids, transactions, receipts },
}: {
  readonly block: FullBlock;
}) {
  const [shown, setShown] = useState(STEP);
  const left = txids.length - shown;
  return (
    <Panel title={`Transactions (${formatCount(txids.length)})`} isFlush>
      {transactions === undefined || receipts === undefined ? (
        <Table label="Transactions" columns={['Transaction']}>
          {txids.slice(0, shown).map((txid) => (
            <tr key={txid}>
              <td>
                <NameLink kind="transaction" name={txid} />
              </td>
            </tr>
          ))}
        </Table>
      ) : (
        <TransactionTable transactions={transactions.slice(0, shown)} receipts={receipts} />
      )}
      {left > 0 && (
        <div className="flex justify-center pb-4">
          <button type="button" className="button" onClick={() => setShown(shown + STEP)}>
            {formatCount(Math.min(STEP, left))} more
          </button>
        </div>
      )}
    </Panel>
  );
}
