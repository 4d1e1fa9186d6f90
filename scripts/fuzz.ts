/**
 * Runs the fuzz targets (`*.fuzz.ts`): `npm run fuzz -- [--target NAME] [--iterations N] [--seed S] [--list]`.
 * A failure prints the command that repeats it.
 */
import { parseArgs } from 'node:util';
import { loadTargets, runTarget } from './lib/fuzz.ts';
import { progressLine } from './lib/progress.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    iterations: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log('npm run fuzz -- [--target NAME] [--iterations N] [--seed S] [--list]');
  process.exit(0);
}
const iterations = Number(values.iterations);
const seed = values.seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] : Number(values.seed);
if (!Number.isSafeInteger(iterations) || iterations < 1 || !Number.isSafeInteger(seed)) {
  console.error('--iterations and --seed are whole numbers');
  process.exit(2);
}

const targets = await loadTargets();
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target);
if (values.list || chosen.length === 0) {
  console.log(targets.map(({ name }) => name).join('\n'));
  process.exit(values.list ? 0 : 2);
}

console.log(`seed ${seed}, ${iterations} inputs for each of ${chosen.length} targets`);
const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
for (const target of chosen) {
  const progress = progressLine(target.name);
  try {
    const report = await runTarget(target, {
      iterations,
      seed: seed as number,
      progress: (done) => progress.update(done, iterations),
    });
    progress.clear();
    const heap = `heap ${megabytes(report.heapBefore)} → ${megabytes(report.heapAfter)} MiB`;
    const slowest = `slowest batch ${Math.round(report.slowestBatchMs)} ms`;
    console.log(`ok ${report.name.padEnd(24)} ${report.inputsPerSecond} inputs/s, ${heap}, ${slowest}`);
  } catch (error) {
    progress.clear();
    console.error(error);
    process.exitCode = 1;
  }
}
