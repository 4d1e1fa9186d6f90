import type { ReceiptJson, TransactionJson } from '../node/shapes.ts';
import { nameTransaction } from '../words/name-transaction.ts';
import { Amount } from './amount.tsx';
import { NameLink } from './name-link.tsx';
import { Pill } from './pill.tsx';
import { Table } from './table.tsx';

const COLUMNS = ['Transaction', 'What', 'To', '>Moved', '>Fee'];

/** Transactions of one block, one in a row. */
export function TransactionTable({
  transactions,
  receipts,
}: {
  readonly transactions: readonly TransactionJson[];
  /** In the same order. */
  readonly receipts: readonly ReceiptJson[];
}) {
  return (
    <Table label="Transactions" columns={COLUMNS}>
      {transactions.map((transaction, position) => {
        const { txid, outputs, inputs } = transaction;
        const fee = receipts[position]?.fee ?? 0;
        const native = outputs.reduce((sum, { asset, amount }) => sum + (asset === 0 ? amount : 0), 0);
        const [first] = outputs;
        return (
          <tr key={txid}>
            <td>
              <NameLink kind="transaction" name={txid} />
            </td>
            <td>
              <Pill tone={inputs.length === 0 ? 'good' : 'plain'}>{nameTransaction(transaction)}</Pill>
            </td>
            <td className="whitespace-nowrap">
              {first === undefined ? (
                <span className="text-soft">nobody</span>
              ) : (
                <NameLink kind="address" name={first.address} />
              )}
              {outputs.length > 1 && <span className="text-soft"> +{outputs.length - 1}</span>}
            </td>
            <td className="text-right">
              <Amount units={native} />
            </td>
            <td className="text-right">
              {inputs.length === 0 ? <span className="text-soft">none</span> : <Amount units={fee} />}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
