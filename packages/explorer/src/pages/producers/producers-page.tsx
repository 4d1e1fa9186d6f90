import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { genesisQuery, producersQuery } from '../../node/queries.ts';
import { Age } from '../../ui/age.tsx';
import { Amount } from '../../ui/amount.tsx';
import { CursorButtons } from '../../ui/cursor-buttons.tsx';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { explainConsensus } from '../../words/explain-consensus.ts';
import { formatCount, formatShare } from '../../words/format-units.ts';
import { ValidatorTable } from './validator-table.tsx';

const COLUMNS = ['Producer', 'Last block', 'When', '>Blocks', '>Share', '>Tips'];

/** Who makes blocks, and who makes them final. */
export function ProducersPage() {
  const { data: genesis } = useQuery(genesisQuery);
  return (
    <Page title="Producers">
      {genesis !== undefined && (
        <p className="max-w-prose text-sm text-soft">
          {explainConsensus(genesis.consensus.production.kind, genesis.consensus.finality.kind)}
        </p>
      )}
      {genesis?.consensus.validators !== undefined && <ValidatorTable />}
      <Producers />
    </Page>
  );
}

function Producers() {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { data, error } = useQuery({ ...producersQuery(cursors.at(-1)), placeholderData: keepPreviousData });
  if (error !== null) return <RefusalNotice error={error} />;
  return (
    <Panel
      title="Who has made blocks"
      aside={data && `${formatCount(data.total)} blocks`}
      isFlush={data !== undefined}
    >
      {data === undefined ? (
        <Loading />
      ) : data.producers.length === 0 ? (
        <EmptyRow>There is only the genesis block, which nobody made.</EmptyRow>
      ) : (
        <Table label="Producers" columns={COLUMNS}>
          {data.producers.map(({ address, blocks, tips, lastHeight, lastTimeMs }) => (
            <tr key={address}>
              <td>
                <NameLink kind="address" name={address} />
              </td>
              <td>
                <HeightLink height={lastHeight} />
              </td>
              <td className="text-soft">
                <Age timeMs={lastTimeMs} />
              </td>
              <td className="text-right">{formatCount(blocks)}</td>
              <td className="text-right text-soft">{formatShare(blocks, data.total)}</td>
              <td className="text-right">
                <Amount units={tips} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <CursorButtons cursors={cursors} next={data?.next ?? null} go={setCursors} />
    </Panel>
  );
}
