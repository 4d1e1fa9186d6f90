import type { GenesisJson, SeriesPoint } from '../../node/shapes.ts';

/** One chart: a line over time, and how its values read. */
export interface ChartData {
  readonly title: string;
  readonly unit: string;
  readonly values: readonly number[];
}

const HUGS = 100_000_000;

/** The charts that a chain has, by how it agrees. */
export function chartsOf(
  points: readonly SeriesPoint[],
  { consensus, limits }: GenesisJson,
): readonly ChartData[] {
  const gasMax = limits?.blockGasMax ?? 10_000_000;
  const line = (title: string, unit: string, of: (point: SeriesPoint) => number): ChartData => ({
    title,
    unit,
    values: points.map(of),
  });
  const charts = [
    line('Time between blocks', 's', ({ blockTimeMs }) => blockTimeMs / 1000),
    line('Transactions', 'per block', ({ transactions, blocks }) => transactions / blocks),
    line('How full blocks are', '%', ({ gasUsed, blocks }) => (100 * gasUsed) / (blocks * gasMax)),
    line('Base fee', 'hugs a gas', ({ baseFee }) => baseFee),
    line('Fees', 'hugs per block', ({ fees, blocks }) => fees / blocks),
    line('Burned', 'hugs per block', ({ burned, blocks }) => burned / blocks),
    line('Newly made', 'CALIN per block', ({ issued, blocks }) => issued / blocks / HUGS),
    line('Supply', 'CALIN', ({ supply }) => supply / HUGS),
  ];
  if (consensus.production.kind === 'pow')
    charts.push(line('Difficulty', 'hashes', ({ weight }) => Number(weight)));
  if (consensus.validators?.kind === 'stake')
    charts.push(line('Staked', 'CALIN', ({ staked }) => staked / HUGS));
  return charts;
}
