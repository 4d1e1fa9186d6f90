import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchOptions } from '../../packages/calin/bench/bench.ts';
import {
  compareResults,
  formatComparisons,
  formatOptions,
  hasRegression,
  optionArgs,
} from './bench-check.ts';
import { parseResults, RESULTS_PATH, type SavedResult, savedResult } from './bench-results.ts';
import { QUICK_BENCHES } from './quick-benches.ts';
import { saveResult } from './save-result.ts';
import { fromRoot } from './workspace.ts';

const HELP = `npm run bench -- --check [options]
Runs every benchmark at a small size and compares its ratio with that of the last committed result (${RESULTS_PATH})
of the same options and number of cores. Ends with status 1 when one of them has become worse.

  --tolerance PERCENT  The loss that counts as noise (15)
  --attempts N         A benchmark that looks worse is run again; the best of so many runs counts (3)
  --from FILE          Compares the results in a file, one JSON object a line, and runs nothing
  --save               Adds what was measured to the committed results
`;

/** The regression check of the command line; the status to end with. */
export async function checkBenches(benches: readonly Bench[], args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean' },
      save: { type: 'boolean' },
      from: { type: 'string' },
      tolerance: { type: 'string', default: '15' },
      attempts: { type: 'string', default: '3' },
    },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const tolerance = Number(values.tolerance) / 100;
  if (!(tolerance >= 0 && tolerance < 1)) throw new Error('--tolerance is a percentage from 0 to 99');
  const committed = parseResults(readFileSync(fromRoot(RESULTS_PATH), 'utf8'));
  const check = {
    benches,
    committed,
    tolerance,
    attempts: Number(values.attempts),
    save: values.save === true,
  };
  const measured =
    values.from === undefined ? await runAll(check) : parseResults(readFileSync(values.from, 'utf8'));
  const comparisons = compareResults(committed, measured, tolerance);
  console.log(formatComparisons(comparisons));
  return hasRegression(comparisons) ? 1 : 0;
}

interface Check {
  readonly benches: readonly Bench[];
  readonly committed: readonly SavedResult[];
  readonly tolerance: number;
  readonly attempts: number;
  readonly save: boolean;
}

async function runAll(check: Check): Promise<readonly SavedResult[]> {
  const results: SavedResult[] = [];
  for (const { name, options } of QUICK_BENCHES) {
    const bench = check.benches.find((candidate) => candidate.name === name);
    if (bench === undefined) throw new Error(`there is no benchmark ${name}`);
    const defaults = Object.entries(bench.options).map(([key, option]) => [key, option.default]);
    const result = await runBest(bench, { ...Object.fromEntries(defaults), ...options }, check);
    if (check.save) saveResult(bench, result.options, result);
    results.push(result);
  }
  return results;
}

/** Runs a benchmark, and again when it looks worse: other work on the machine can only make a ratio smaller. */
async function runBest(bench: Bench, options: BenchOptions, check: Check): Promise<SavedResult> {
  let best: SavedResult | undefined;
  for (let attempt = 1; attempt <= Math.max(1, check.attempts); attempt++) {
    const saved = savedResult(bench, options, await runApart(bench, options), '');
    console.error(`${bench.name} ${formatOptions(saved)}: ${saved.ratio}`);
    if (best === undefined || saved.ratio > best.ratio) best = saved;
    if (!hasRegression(compareResults(check.committed, [best], check.tolerance))) break;
  }
  return best as SavedResult;
}

/** In a process of its own: what an earlier benchmark has left in the memory of this one would be in the result. */
async function runApart(bench: Bench, options: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const args = [fromRoot('scripts/bench.ts'), bench.name, ...optionArgs(options), '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the benchmark ${bench.name} ended with ${code}`);
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
