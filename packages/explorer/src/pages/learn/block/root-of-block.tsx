import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { merkleRoot } from '@calin/core/crypto/merkle.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FullBlock, TransactionJson } from '../../../node/shapes.ts';
import { Loading } from '../../../ui/loading.tsx';
import { NameLink } from '../../../ui/name-link.tsx';
import { RefusalNotice } from '../../../ui/refusal-notice.tsx';
import { nameTransaction } from '../../../words/name-transaction.ts';
import type { Activity } from '../activity.ts';
import { HexText } from '../hex-text.tsx';
import { lessonBlockQuery } from './lesson-block.ts';

/** Transactions that are listed; all are hashed. */
const LISTED_MAX = 12;

/** The transactions of a block, and the root that follows from them. */
export const RootOfBlock: Activity = ({ done }) => {
  const { data: block, error } = useQuery(lessonBlockQuery);
  if (error !== null) return <RefusalNotice error={error} />;
  return block === undefined ? <Loading lines={4} /> : <Transactions block={block} done={done} />;
};

function Transactions({ block, done }: { readonly block: FullBlock; readonly done: () => void }) {
  const transactions = block.transactions ?? [];
  const [out, setOut] = useState<string>();
  const [isWorkedOut, setIsWorkedOut] = useState(false);
  const root = rootOf(transactions.filter(({ txid }) => txid !== out));
  const work = () => {
    setIsWorkedOut(true);
    // The genesis block has no transaction that could be left out.
    if (transactions.length === 0) done();
  };
  const leaveOut = (txid: string) => {
    setOut(out === txid ? undefined : txid);
    if (isWorkedOut) done();
  };
  return (
    <>
      <HexText label={`Root in the header of block ${block.header.height}`} text={block.header.txRoot} />
      <ul aria-label="Transactions" className="space-y-1 text-sm">
        {transactions.slice(0, LISTED_MAX).map((transaction) => (
          <TransactionLine
            key={transaction.txid}
            transaction={transaction}
            isOut={transaction.txid === out}
            leaveOut={() => leaveOut(transaction.txid)}
          />
        ))}
        {transactions.length > LISTED_MAX && (
          <li className="text-soft">and {transactions.length - LISTED_MAX} more</li>
        )}
      </ul>
      {transactions.length === 0 && (
        <p className="text-sm text-soft">
          The first block of a chain has no transactions, and its root is zeros. Open the lesson again when
          there is another block.
        </p>
      )}
      <button type="button" className="button" onClick={work}>
        Work out the root
      </button>
      {transactions.length > 0 && (
        <Link to="/lab/$block" params={{ block: block.header.id }} className="link ml-3 text-sm">
          Take this block to the tamper lab
        </Link>
      )}
      <div role="status" className="min-h-12">
        {isWorkedOut && (
          <HexText
            label={
              root === block.header.txRoot ? 'Worked out here: the same' : 'Worked out here: another one'
            }
            text={root}
          />
        )}
      </div>
    </>
  );
}

function TransactionLine({
  transaction,
  isOut,
  leaveOut,
}: {
  readonly transaction: TransactionJson;
  readonly isOut: boolean;
  readonly leaveOut: () => void;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={!isOut} onChange={leaveOut} className="size-4 accent-accent" />
        {nameTransaction(transaction)}
      </label>
      <NameLink kind="transaction" name={transaction.txid} />
    </li>
  );
}

function rootOf(transactions: readonly TransactionJson[]): string {
  return toHex(merkleRoot(transactions.map(({ bytes }) => hash('tx-leaf', fromHex(bytes)))));
}
