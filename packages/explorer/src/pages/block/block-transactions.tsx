import { useState } from 'react';
import type { FullBlock } from '../../node/shapes.ts';
import type { Claim } from '../../proofs/claims.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TransactionTable } from '../../ui/transaction-table.tsx';
import { formatCount } from '../../words/format-units.ts';

/** Transactions that are drawn at a time. */
const STEP = 50;

/** Transactions that are checked at once. */
const CHECKED_MAX = 1000;

/** The transactions of a block; by their ids alone where they are too many for one answer. */
export function BlockTransactions({ block }: { readonly block: FullBlock }) {
  const { header, txids, transactions, receipts } = block;
  const [shown, setShown] = useState(STEP);
  const left = txids.length - shown;
  return (
    <Panel
      title={`Transactions (${formatCount(txids.length)})`}
      aside={<ProofMark claim={contentsClaim(block)} subject={`contents ${header.id}`} />}
      isFlush
    >
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

/** What is checked of a block: all of it, unless it is so large that the check would hold up the page. */
function contentsClaim(block: FullBlock): Claim {
  const { header, txids } = block;
  return { kind: 'contents', block: txids.length <= CHECKED_MAX ? block : { header, txids: [] } };
}
