import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { statusQuery, transactionQuery } from '../../node/queries.ts';
import type { FoundTransaction } from '../../node/shapes.ts';
import type { Claim } from '../../proofs/claims.ts';
import { ProofMark } from '../../proofs/proof-mark.tsx';
import { ROUTES } from '../../routes.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { nameTransaction } from '../../words/name-transaction.ts';
import { shorten } from '../../words/shorten.ts';
import { ActionList } from './action-list.tsx';
import { TransactionFacts } from './transaction-facts.tsx';
import { TransactionFlow } from './transaction-flow.tsx';
import { TransactionState } from './transaction-state.tsx';
import { WitnessList } from './witness-list.tsx';

const route = getRouteApi(ROUTES.transaction);

/** One transaction: how coins flow in it, what it does beside, and who agreed. */
export function TransactionPage() {
  const { txid } = route.useParams();
  const { data: found, error } = useQuery({ ...transactionQuery(txid), placeholderData: keepPreviousData });
  const { data: status } = useQuery(statusQuery);
  const tab = `Transaction ${shorten(txid)}`;
  if (error !== null) {
    return (
      <Page title="Transaction" tab={tab}>
        <RefusalNotice error={error} />
      </Page>
    );
  }
  if (found === undefined) {
    return (
      <Page title="Transaction" tab={tab}>
        <Panel title="Flow of coins">
          <Loading lines={5} />
        </Panel>
      </Page>
    );
  }
  const { transaction } = found;
  return (
    <Page
      title={
        <>
          {nameTransaction(transaction)}{' '}
          <TransactionState found={found} finalHeight={status?.final.height ?? 0} />
        </>
      }
      tab={tab}
      above={<ProofMark claim={claimOf(found)} subject={txid} />}
    >
      <TransactionFlow found={found} />
      {transaction.actions.length > 0 && <ActionList actions={transaction.actions} />}
      <TransactionFacts found={found} />
      {transaction.witnesses.length > 0 && <WitnessList witnesses={transaction.witnesses} />}
    </Page>
  );
}

/** What is claimed stays the same while blocks come after it. */
function claimOf({ transaction, block }: FoundTransaction): Claim {
  return { kind: 'transaction', found: { transaction, block: block && { ...block, confirmations: 1 } } };
}
