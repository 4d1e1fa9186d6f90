import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { activityQuery } from '../../node/queries.ts';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { Panel } from '../../ui/panel.tsx';
import { mergeActivity } from '../../wallet/account-activity.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { ActivityRows } from './activity-rows.tsx';

/** Lines that are shown. */
const LINES = 8;
/** Accounts whose activity is asked for with every block. */
const ACCOUNTS_MAX = 12;

/** What happened last in the first accounts. */
export function LatestActivity({ addresses }: { readonly addresses: readonly string[] }) {
  const { accountFor, document } = useWallet();
  const labels = new Map(document.labels.map(({ of, text }) => [of, text]));
  const asked = addresses.slice(0, ACCOUNTS_MAX);
  const answers = useQueries({ queries: asked.map((address) => activityQuery(address, undefined)) });
  const isOff = answers.some(({ error }) => error !== null);
  const entries = mergeActivity(
    answers.map(({ data }, i) => ({
      account: accountFor(asked[i] ?? '')?.name ?? '',
      entries: data?.entries ?? [],
    })),
  ).slice(0, LINES);
  return (
    <Panel
      title="Latest activity"
      aside={
        <Link to="/wallet/$section" params={{ section: 'history' }} className="link">
          History
        </Link>
      }
      isFlush
    >
      {entries.length > 0 ? (
        <ActivityRows entries={entries} label={(txid) => labels.get(txid)} />
      ) : (
        <EmptyRow>
          {isOff
            ? 'This node keeps no index of movements, so it cannot tell what happened.'
            : 'Nothing happened yet. What you receive and send appears here with its block.'}
        </EmptyRow>
      )}
    </Panel>
  );
}
