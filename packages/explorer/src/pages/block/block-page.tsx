import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { blockQuery, statusQuery } from '../../node/queries.ts';
import { ROUTES } from '../../routes.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { formatCount } from '../../words/format-units.ts';
import { BlockFacts } from './block-facts.tsx';
import { BlockNeighbours } from './block-neighbours.tsx';
import { BlockState } from './block-state.tsx';
import { BlockTransactions } from './block-transactions.tsx';

const route = getRouteApi(ROUTES.block);

/** One block: what its header says, and its transactions. */
export function BlockPage() {
  const { block: name } = route.useParams();
  const { data: block, error } = useQuery({ ...blockQuery(name), placeholderData: keepPreviousData });
  const { data: status } = useQuery(statusQuery);
  if (error !== null) {
    return (
      <Page title="Block" tab={`Block ${name}`}>
        <RefusalNotice error={error} />
      </Page>
    );
  }
  const height = block?.header.height;
  const title = height === undefined ? 'Block' : `Block ${formatCount(height)}`;
  return (
    <Page
      title={
        <>
          {title} {block !== undefined && <BlockState header={block.header} status={status} />}
        </>
      }
      tab={title}
      above={
        block !== undefined && (
          <div className="flex flex-wrap gap-2">
            {block.header.height > 0 && (
              <Link to={ROUTES.labBlock} params={{ block: block.header.id }} className="button">
                Take it to the lab
              </Link>
            )}
            <BlockNeighbours height={block.header.height} headHeight={status?.head.height ?? 0} />
          </div>
        )
      }
    >
      {block === undefined ? (
        <Panel title="Header">
          <Loading lines={8} />
        </Panel>
      ) : (
        <>
          <BlockFacts block={block} />
          <BlockTransactions key={block.header.id} block={block} />
        </>
      )}
    </Page>
  );
}
