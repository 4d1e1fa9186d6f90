/**
 * Everything that has to hold before a change is taken: `npm test`. Types, format and lint, the laws of the house,
 * generated files, then all tests. `-- --fast` leaves out the end-to-end tests; with paths, such as
 * `npm test -- packages/core/src/state`, only the tests below them run.
 */
import { spawnSync } from 'node:child_process';
import { listFiles, ROOT } from './lib/workspace.ts';

/** A test that takes longer hangs. */
const TEST_TIMEOUT_MS = 120_000;
/** Test files that run side by side; more would only make each other's timings worse on a small machine. */
const TEST_CONCURRENCY = 2;

interface Step {
  readonly title: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
}

const options = process.argv.slice(2);
const fast = options.includes('--fast');
const below = options.filter((option) => !option.startsWith('--'));
const unknown = options.find((option) => option.startsWith('--') && option !== '--fast');
if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; there is --fast, and paths of tests`);
  process.exit(2);
}

const colors = `--colors=${process.stdout.isTTY ? 'force' : 'off'}`;
const checks: readonly Step[] = [
  { title: 'types', args: ['scripts/typecheck.ts'] },
  { title: 'format and lint', args: ['node_modules/.bin/biome', 'ci', colors, '--error-on-warnings', '.'] },
  { title: 'tidy', args: ['scripts/tidy.ts'] },
  { title: 'generated pages', args: ['scripts/docs.ts', '--check'] },
  { title: 'test vectors', args: ['scripts/vectors.ts', '--check'] },
];

function testStep(): Step {
  const files = [...listFiles('packages'), ...listFiles('scripts')].filter((path) =>
    path.endsWith('.test.ts'),
  );
  const chosen = files
    .filter((path) => !(fast && path.startsWith('packages/calin/test/')))
    .filter(
      (path) => below.length === 0 || below.some((start) => path.startsWith(start.replace(/^\.\//, ''))),
    );
  if (chosen.length === 0) {
    console.error(`there are no tests below ${below.join(' ')}`);
    process.exit(2);
  }
  const flags = [
    '--test',
    `--test-concurrency=${TEST_CONCURRENCY}`,
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    '--test-reporter=./scripts/lib/test-reporter.ts',
  ];
  return { title: 'tests', args: [...flags, ...chosen] };
}

const steps = below.length === 0 ? [...checks, testStep()] : [testStep()];
const summary: string[] = [];
for (const { title, args } of steps) {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(3, 76 - title.length))}`);
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  summary.push(`${status === 0 ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s  ${title}`);
  if (status !== 0) process.exitCode = 1;
}
console.log(`\n── summary ${'─'.repeat(69)}\n${summary.join('\n')}`);
