import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Bench, BenchOptions } from '../../packages/calin/bench/bench.ts';
import { isNoisy, RESULTS_PATH, savedResult } from './bench-results.ts';
import { fromRoot } from './workspace.ts';

/**
 * Appends a result to the ones that are committed; `npm run docs` then shows it. One of a machine that was busy with
 * other things is not taken, and standard error says so.
 */
export function saveResult(
  bench: Bench,
  options: BenchOptions,
  result: Readonly<Record<string, unknown>>,
): void {
  if (isNoisy(result)) {
    console.error(
      `${bench.name}: not saved, for the machine was busy with other things (boundDrift, coresFree)`,
    );
    return;
  }
  const path = fromRoot(RESULTS_PATH);
  const date = new Date().toISOString().slice(0, 10);
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(savedResult(bench, options, result, date))}\n`);
}
