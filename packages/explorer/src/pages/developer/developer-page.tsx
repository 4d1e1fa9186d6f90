import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LIVE, statusQuery } from '../../node/queries.ts';
import { RefusedCall } from '../../node/rpc.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { BlockTools } from './block-tools.tsx';
import { Faucet } from './faucet.tsx';
import { SnapshotTools } from './snapshot-tools.tsx';
import { TimeTools } from './time-tools.tsx';

/** What came of the last order to the node. */
type Outcome = { readonly done: string } | { readonly error: Error } | undefined;

/** Gives an order to the node and tells what came of it. */
export type GiveOrder = (order: () => Promise<string>) => Promise<void>;

/** Coins for nothing, blocks at will, and a clock that can be set: on development chains only. */
export function DeveloperPage() {
  const { data: status } = useQuery(statusQuery);
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setIsBusy] = useState(false);
  const queries = useQueryClient();
  const give: GiveOrder = async (order) => {
    setIsBusy(true);
    try {
      setOutcome({ done: await order() });
    } catch (error) {
      setOutcome({ error: error instanceof Error ? error : new Error(String(error)) });
    } finally {
      setIsBusy(false);
      void queries.invalidateQueries({ queryKey: [LIVE] });
    }
  };
  if (status?.dev === false) {
    return (
      <Page title="Developer">
        <Notice title="This chain is real.">
          Coins for nothing and clocks that can be set are there on development chains only: start one with
          “calin dev”.
        </Notice>
      </Page>
    );
  }
  return (
    <Page title="Developer">
      <div aria-live="polite">
        <OutcomeNotice outcome={outcome} />
      </div>
      <fieldset
        disabled={isBusy || status === undefined}
        className="grid min-w-0 gap-4 sm:gap-5 lg:grid-cols-2"
      >
        <legend className="sr-only">Orders to the node</legend>
        <Faucet give={give} />
        <BlockTools give={give} />
        <SnapshotTools give={give} />
        <TimeTools give={give} headMs={status?.head.timeMs ?? 0} offsetMs={status?.timeOffsetMs ?? 0} />
      </fieldset>
    </Page>
  );
}

function OutcomeNotice({ outcome }: { readonly outcome: Outcome }) {
  if (outcome === undefined)
    return <Notice title="Orders take effect at once, for everybody on this chain." />;
  if ('done' in outcome) return <Notice title={outcome.done} />;
  const { error } = outcome;
  if (error instanceof RefusedCall) return <RefusalNotice error={error} />;
  return <Notice title={error.message} tone="warn" />;
}
