import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { genesisQuery, statusQuery, summariesQuery } from '../../node/queries.ts';
import { ROUTES } from '../../routes.ts';
import { BlockTable } from '../../ui/block-table.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { formatCount } from '../../words/format-units.ts';

const PAGE_BLOCKS = 25;
const route = getRouteApi(ROUTES.blocks);

/** The blocks of the best branch, a page at a time. */
export function BlocksPage() {
  const { from } = route.useSearch();
  const { data: status } = useQuery(statusQuery);
  const { data: genesis } = useQuery(genesisQuery);
  const head = status?.head.height;
  const top = Math.min(from ?? Number.POSITIVE_INFINITY, head ?? 0);
  const { data: blocks, error } = useQuery({
    ...summariesQuery(top, PAGE_BLOCKS),
    enabled: head !== undefined,
    placeholderData: keepPreviousData,
  });
  const bottom = Math.max(0, top - PAGE_BLOCKS + 1);
  return (
    <Page title="Blocks">
      {error !== null && <RefusalNotice error={error} />}
      <Panel
        title={head === undefined ? 'Blocks' : `${formatCount(bottom)} to ${formatCount(top)}`}
        aside={from === undefined ? 'The newest, as they come' : undefined}
        isFlush={blocks !== undefined}
      >
        {blocks === undefined ? (
          <Loading lines={8} />
        ) : (
          <BlockTable
            blocks={blocks}
            finalHeight={status?.final.height ?? 0}
            blockGasMax={genesis?.limits?.blockGasMax ?? 10_000_000}
          />
        )}
      </Panel>
      <nav aria-label="Other blocks" className="flex justify-between gap-3">
        <Link
          to="/blocks"
          search={head === undefined || top + PAGE_BLOCKS >= head ? {} : { from: top + PAGE_BLOCKS }}
          disabled={from === undefined}
          className="button aria-disabled:invisible"
        >
          <Icon name="back" /> Newer
        </Link>
        <Link
          to="/blocks"
          search={{ from: bottom - 1 }}
          disabled={bottom === 0}
          className="button aria-disabled:invisible"
        >
          Older <Icon name="forward" />
        </Link>
      </nav>
    </Page>
  );
}
