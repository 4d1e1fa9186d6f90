/**
 * Runs a benchmark of packages/calin/bench/: `npm run bench -- NAME [options] [--json]`, or `-- --list`.
 * The result goes to standard output and progress to standard error.
 */
import { formatBenchHelp, formatBenchResult, loadBenches, parseBenchOptions } from './lib/bench.ts';
import { progressLine } from './lib/progress.ts';

const [name, ...args] = process.argv.slice(2);
const benches = await loadBenches();
const bench = benches.find((candidate) => candidate.name === name);
if (bench === undefined) {
  const known = name === undefined || name === '--list' || name === '--help';
  if (!known) console.error(`There is no benchmark "${name}". These are:`);
  for (const each of benches) console.log(`${each.name.padEnd(16)} ${each.summary}`);
  process.exit(known ? 0 : 2);
}
if (args.includes('--help')) {
  console.log(formatBenchHelp(bench));
  process.exit(0);
}

const json = args.includes('--json');
let options: ReturnType<typeof parseBenchOptions>;
try {
  options = parseBenchOptions(
    bench,
    args.filter((arg) => arg !== '--json'),
  );
} catch (error) {
  console.error(`${(error as Error).message}\n\n${formatBenchHelp(bench)}`);
  process.exit(2);
}
const progress = progressLine(bench.name);
const result = await bench.run(options, progress.update);
progress.clear();
console.log(json ? JSON.stringify(result) : formatBenchResult(result));
