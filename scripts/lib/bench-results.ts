import type { Bench, BenchOptions } from '../../packages/calin/bench/bench.ts';

/** One line of {@link RESULTS_PATH}: what a benchmark printed, with the day and all options of the run. */
export interface SavedResult {
  /** `2026-11-21`. */
  readonly date: string;
  readonly bench: string;
  readonly options: BenchOptions;
  /** To the bound of the same run; larger is better in every benchmark. */
  readonly ratio: number;
  readonly cores: number;
  readonly [field: string]: unknown;
}

/** The committed results, one JSON object a line. */
export const RESULTS_PATH = 'docs/reference/benchmarks/results.jsonl';

/** Options that change how a run goes about it, and not what it measures. */
const EFFORT = new Set(['fresh', 'bound-ms', 'profile']);

/** A result as it is committed. */
export function savedResult(
  bench: Bench,
  options: BenchOptions,
  result: Readonly<Record<string, unknown>>,
  date: string,
): SavedResult {
  const kept = Object.entries(options).filter(([name]) => !EFFORT.has(name));
  const first = { date, bench: bench.name, options: Object.fromEntries(kept) };
  // Once more at the end: the first place in the line is theirs, whatever else the result has.
  return checkResult({ ...first, ...result, ...first });
}

/**
 * Reads lines of results.
 *
 * @throws Error that names the line which is none
 */
export function parseResults(text: string): readonly SavedResult[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [checkResult(JSON.parse(line) as Readonly<Record<string, unknown>>)];
    } catch (error) {
      throw new Error(`line ${i + 1} of the results: ${(error as Error).message}`);
    }
  });
}

function checkResult(value: Readonly<Record<string, unknown>>): SavedResult {
  const { bench, ratio, cores, date, options } = value;
  const isWhole =
    typeof bench === 'string' &&
    typeof ratio === 'number' &&
    typeof cores === 'number' &&
    typeof date === 'string' &&
    typeof options === 'object' &&
    options !== null;
  if (!isWhole) throw new Error('a result has bench, ratio, cores, date and options');
  return value as unknown as SavedResult;
}

/** What two results must have in common to be compared: the benchmark, its options, and the number of cores. */
export function resultKey({ bench, options, cores }: SavedResult): string {
  const sorted = Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([bench, cores, sorted]);
}

/** The last result of each key, in the order in which the keys came first. */
export function latestResults(results: readonly SavedResult[]): readonly SavedResult[] {
  const latest = new Map<string, SavedResult>();
  for (const result of results) latest.set(resultKey(result), result);
  return [...latest.values()];
}

/** The most that the bound of a run may have moved meanwhile. */
const DRIFT_MAX = 0.1;
/** The least share of the cores that the measurement of the bound must have had. */
const CORES_FREE_MIN = 0.85;

/**
 * True when the machine was so busy with other things that the ratio says little: the bound had only a part of the
 * cores, or was another one after the run than before. Such a result is no measure for later ones.
 */
export function isNoisy(result: Readonly<Record<string, unknown>>): boolean {
  const { boundDrift, coresFree } = result;
  const drifted = typeof boundDrift === 'number' && boundDrift > DRIFT_MAX;
  return drifted || (typeof coresFree === 'number' && coresFree < CORES_FREE_MIN);
}
