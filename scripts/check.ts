/**
 * Everything that has to hold before a change is taken: `npm test`. Types, format and lint, the laws of the house,
 * generated files, then the tests. `-- --fast` leaves out the end-to-end tests; with paths, such as
 * `npm test -- packages/core/src/state`, only the tests below them run. Tests named `.long.test.ts` (statistics,
 * drills, whole networks that are measured) only run when they are asked for: all of them with `npm run test:long`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runTests } from './lib/run-tests.ts';
import { fromRoot, listFiles, ROOT } from './lib/workspace.ts';

/** Whatever Node compiles is kept, sources without their types too: half of what a short test costs. */
process.env['NODE_COMPILE_CACHE'] ??= fromRoot('node_modules/.cache/node-compile');

interface Step {
  readonly title: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
}

const options = process.argv.slice(2);
const fast = options.includes('--fast');
const long = options.includes('--long');
const below = options.filter((option) => !option.startsWith('--'));
const unknown = options.find((option) => option.startsWith('--') && !['--fast', '--long'].includes(option));
if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; there are --fast, --long, and paths of tests`);
  process.exit(2);
}

const colors = `--colors=${process.stdout.isTTY ? 'force' : 'off'}`;
/** Two rows that run side by side; the types take as long as all the others. */
const checks: readonly (readonly Step[])[] = [
  [{ title: 'types', args: ['scripts/typecheck.ts'] }],
  [
    {
      title: 'format and lint',
      args: ['node_modules/.bin/biome', 'ci', colors, '--error-on-warnings', '.'],
    },
    { title: 'tidy', args: ['scripts/tidy.ts'] },
    { title: 'generated pages', args: ['scripts/docs.ts', '--check'] },
    { title: 'test vectors', args: ['scripts/vectors.ts', '--check'] },
  ],
];

const summary: string[] = [];
const tests = chooseTests();
if (below.length === 0 && !long) await Promise.all(checks.map(runRow));
await timed('tests', () => {
  printTitle('tests');
  return runTests(tests);
});
console.log(`\n── summary ${'─'.repeat(69)}\n${summary.join('\n')}`);

function chooseTests(): readonly string[] {
  const files = [...listFiles('packages'), ...listFiles('scripts')].filter((path) =>
    path.endsWith('.test.ts'),
  );
  const chosen = files
    .filter((path) => below.length > 0 || long === path.endsWith('.long.test.ts'))
    .filter((path) => !(fast && path.startsWith('packages/calin/test/')))
    .filter(
      (path) => below.length === 0 || below.some((start) => path.startsWith(start.replace(/^\.\//, ''))),
    );
  if (chosen.length > 0) return chosen;
  console.error(`there are no tests below ${below.join(' ')}`);
  process.exit(2);
}

/** One step after the other; each is printed as a whole when it has ended. */
async function runRow(row: readonly Step[]): Promise<void> {
  for (const { title, args } of row) {
    await timed(title, async () => {
      const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
      const said: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => said.push(part));
      const [status] = (await once(child, 'close')) as [number | null];
      printTitle(title);
      process.stdout.write(Buffer.concat(said));
      return status === 0;
    });
  }
}

function printTitle(title: string): void {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(3, 76 - title.length))}`);
}

async function timed(title: string, step: () => Promise<boolean>): Promise<void> {
  const startMs = performance.now();
  const passed = await step();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  summary.push(`${passed ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s  ${title}`);
  if (!passed) process.exitCode = 1;
}
