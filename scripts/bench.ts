/**
 * Runs benchmarks of packages/calin/bench/: `npm run bench -- NAME [options] [--json] [--save]`, `-- --list`, or
 * `-- --check` for the comparison of all of them, at small sizes, with the committed results. Results go to standard
 * output and progress to standard error.
 */

import { formatBenchHelp, formatBenchResult, loadBenches, parseBenchOptions } from './lib/bench.ts';
import { checkBenches } from './lib/check-benches.ts';
import { progressLine } from './lib/progress.ts';
import { saveResult } from './lib/save-result.ts';

const USAGE = `npm run bench -- NAME [options]   one benchmark; \`NAME --help\` shows its options
npm run bench -- --list           all of them
npm run bench -- --check          small runs of all of them against the committed results; \`--check --help\`
`;

const [name, ...args] = process.argv.slice(2);
const benches = await loadBenches();
if (name === '--check') process.exit(await checkBenches(benches, args));
const bench = benches.find((candidate) => candidate.name === name);
if (bench === undefined) {
  const known = name === undefined || name === '--list' || name === '--help';
  if (!known) console.error(`There is no benchmark "${name}". These are:`);
  else if (name !== '--list') console.log(USAGE);
  for (const each of benches) console.log(`${each.name.padEnd(16)} ${each.summary}`);
  process.exit(known ? 0 : 2);
}
if (args.includes('--help')) {
  console.log(formatBenchHelp(bench));
  process.exit(0);
}

const json = args.includes('--json');
const save = args.includes('--save');
let options: ReturnType<typeof parseBenchOptions>;
try {
  options = parseBenchOptions(
    bench,
    args.filter((arg) => arg !== '--json' && arg !== '--save'),
  );
} catch (error) {
  console.error(`${(error as Error).message}\n\n${formatBenchHelp(bench)}`);
  process.exit(2);
}
const progress = progressLine(bench.name);
const result = await bench.run(options, progress.update);
progress.clear();
console.log(json ? JSON.stringify(result) : formatBenchResult(result));
if (save) saveResult(bench, options, result);
