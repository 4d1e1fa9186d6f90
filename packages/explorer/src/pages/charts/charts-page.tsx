import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { genesisQuery, seriesQuery, statusQuery } from '../../node/queries.ts';
import type { GenesisJson, SeriesPoint } from '../../node/shapes.ts';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Chart } from './chart.tsx';
import { chartsOf } from './charts-of.ts';

/** Stretches that can be looked at, in blocks from the head. */
const STRETCHES = [
  ['All', Number.POSITIVE_INFINITY],
  ['10,000', 10_000],
  ['1,000', 1000],
  ['100', 100],
] as const;

/** How the chain went: pace, load, fees and supply over time. */
export function ChartsPage() {
  const [blocks, setBlocks] = useState<number>(Number.POSITIVE_INFINITY);
  const { data: status } = useQuery(statusQuery);
  const { data: genesis } = useQuery(genesisQuery);
  const head = status?.head.height ?? 0;
  const from = Math.max(1, Number.isFinite(blocks) ? head - blocks + 1 : 1);
  const { data, error } = useQuery({
    ...seriesQuery(from),
    enabled: head > 0,
    placeholderData: keepPreviousData,
  });
  const choice = (
    <fieldset className="flex flex-wrap items-center gap-1 text-sm">
      <legend className="sr-only">How many of the last blocks</legend>
      {STRETCHES.map(([name, count]) => (
        <button
          key={name}
          type="button"
          aria-pressed={blocks === count}
          onClick={() => setBlocks(count)}
          className="button aria-pressed:border-accent aria-pressed:text-accent"
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
  return (
    <Page title="Charts" above={choice}>
      {error !== null && <RefusalNotice error={error} />}
      {status !== undefined && head === 0 && (
        <Notice title="There is nothing to draw yet.">The chain has its genesis block only.</Notice>
      )}
      {data === undefined && error === null && head > 0 && (
        <Panel title="Reading">
          <Loading lines={8} />
        </Panel>
      )}
      {data !== undefined && genesis !== undefined && error === null && (
        <AllCharts points={data.points} genesis={genesis} />
      )}
    </Page>
  );
}

function AllCharts({
  points,
  genesis,
}: {
  readonly points: readonly SeriesPoint[];
  readonly genesis: GenesisJson;
}) {
  const charts = useMemo(() => chartsOf(points, genesis), [points, genesis]);
  const timesMs = useMemo(() => points.map(({ timeMs }) => timeMs), [points]);
  return (
    <div className="grid gap-4 sm:gap-5 lg:grid-cols-2">
      {charts.map((chart) => (
        <Chart key={chart.title} {...chart} timesMs={timesMs} />
      ))}
    </div>
  );
}
