import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { feeQuery, genesisQuery, mempoolQuery } from '../../node/queries.ts';
import { Figure } from '../../ui/figure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { WaitingTable } from '../../ui/waiting-table.tsx';
import { formatBytes, formatCount } from '../../words/format-units.ts';
import { FeeSteps } from './fee-steps.tsx';

const WAITING_MAX = 500;
const UNKNOWN = '–';

/** What waits for a block at this node, and what it takes to be in the next ones. */
export function MempoolPage() {
  const { data: pool, error } = useQuery({ ...mempoolQuery(WAITING_MAX), placeholderData: keepPreviousData });
  const { data: soon } = useQuery(feeQuery(1));
  const { data: later } = useQuery(feeQuery(10));
  const { data: genesis } = useQuery(genesisQuery);
  return (
    <Page title="Mempool">
      {error !== null && <RefusalNotice error={error} />}
      <section aria-label="The pool in numbers" className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure name="Waiting" note="transactions">
          {pool === undefined ? UNKNOWN : formatCount(pool.transactions)}
        </Figure>
        <Figure name="Size" note="of all that waits">
          {pool === undefined ? UNKNOWN : formatBytes(pool.bytes)}
        </Figure>
        <Figure name="For the next block" note="hugs a gas">
          {soon === undefined ? UNKNOWN : formatCount(soon.feePerGas)}
        </Figure>
        <Figure name="Within ten blocks" note="hugs a gas">
          {later === undefined ? UNKNOWN : formatCount(later.feePerGas)}
        </Figure>
      </section>
      {pool !== undefined && pool.entries.length > 0 && (
        <Panel title="What it pays" aside="the best on the left, each as wide as its gas">
          <FeeSteps entries={pool.entries} blockGasMax={genesis?.limits?.blockGasMax ?? 10_000_000} />
        </Panel>
      )}
      <Panel
        title="In the order in which a producer takes it"
        aside={pool !== undefined && pool.transactions > WAITING_MAX ? `the first ${WAITING_MAX}` : undefined}
        isFlush={pool !== undefined}
      >
        {pool === undefined ? <Loading lines={6} /> : <WaitingTable entries={pool.entries} />}
      </Panel>
    </Page>
  );
}
