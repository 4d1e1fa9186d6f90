import type { BenchOptions } from '../../packages/calin/bench/bench.ts';
import { latestResults, resultKey, type SavedResult } from './bench-results.ts';

/** How one result stands to the last committed one of the same benchmark and options. */
export interface Comparison {
  readonly result: SavedResult;
  /** Undefined when there is none from as many cores. */
  readonly before: SavedResult | undefined;
  /** Of the ratio: 0.1 is a tenth better. 0 when there is nothing to compare with. */
  readonly change: number;
  readonly verdict: 'ok' | 'better' | 'worse' | 'new';
}

/**
 * Compares ratios, never absolute times: what makes a machine slower makes its bound slower too.
 *
 * @param committed - oldest first
 * @param tolerance - the loss that counts as noise: 0.15 is 15 %
 */
export function compareResults(
  committed: readonly SavedResult[],
  measured: readonly SavedResult[],
  tolerance: number,
): readonly Comparison[] {
  const known = new Map(latestResults(committed).map((result) => [resultKey(result), result]));
  return measured.map((result) => {
    const before = known.get(resultKey(result));
    if (before === undefined) return { result, before, change: 0, verdict: 'new' };
    const change = result.ratio / before.ratio - 1;
    return { result, before, change, verdict: judge(change, tolerance) };
  });
}

function judge(change: number, tolerance: number): Comparison['verdict'] {
  // A ratio that is no number, or fell to nothing, must not pass for one that is as it was.
  if (!(change >= -tolerance)) return 'worse';
  return change > tolerance ? 'better' : 'ok';
}

/** True when a change must not be taken as it is. */
export function hasRegression(comparisons: readonly Comparison[]): boolean {
  return comparisons.some(({ verdict }) => verdict === 'worse');
}

/** The comparison as a table for a terminal. */
export function formatComparisons(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ result, before, change, verdict }) => [
    result.bench,
    before === undefined ? '–' : String(before.ratio),
    String(result.ratio),
    before === undefined ? '–' : `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(1)} %`,
    verdict === 'worse' ? 'WORSE' : verdict,
    formatOptions(result),
  ]);
  const table = [['bench', 'committed', 'measured', 'change', '', 'options'], ...rows];
  const widths = (table[0] as string[]).map((_, column) =>
    Math.max(...table.map((row) => (row[column] as string).length)),
  );
  return table
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The options of a result as they are given on the command line; those that are off are left out. */
export function formatOptions({ options }: Pick<SavedResult, 'options'>): string {
  return optionArgs(options).join(' ');
}

/** Options as arguments of the command line. */
export function optionArgs(options: BenchOptions): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, String(value)];
  });
}
