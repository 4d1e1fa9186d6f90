import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import report, { type ReportedEvent } from './test-reporter.ts';
import { fromRoot } from './workspace.ts';

/** A test that takes longer hangs; a machine that is busy with other things is no reason. */
const TEST_TIMEOUT_MS = 120_000;

/**
 * Runs files of tests, each in a process of its own, and prints what comes of them. Two queues side by side: the tests
 * that start processes mostly wait for them, and those that compute use the cores meanwhile.
 *
 * @param paths - of the files, relative to the repository
 * @returns whether all of them passed
 */
export async function runTests(paths: readonly string[]): Promise<boolean> {
  const startMs = performance.now();
  const queues = [paths.filter(isPatient), paths.filter((path) => !isPatient(path))];
  const events = queues
    .filter((queue) => queue.length > 0)
    .map((queue) =>
      run({
        files: queue.map(fromRoot),
        concurrency: availableParallelism(),
        timeout: TEST_TIMEOUT_MS,
      }),
    );
  const totals = new Map<string, number>();
  let passed = true;
  const print = async (stream: AsyncIterable<ReportedEvent>): Promise<void> => {
    for await (const text of report(withoutTotals(stream, totals))) process.stdout.write(text);
  };
  for (const stream of events) stream.on('test:summary', ({ success }) => (passed &&= success));
  await Promise.all(events.map((stream) => print(stream as AsyncIterable<ReportedEvent>)));
  totals.set('duration_ms', performance.now() - startMs);
  for (const [name, total] of totals) console.log(`# ${name} ${Math.round(total)}`);
  return passed;
}

/** Whether a file's tests are of whole nodes, most of whose time passes in waiting. */
function isPatient(path: string): boolean {
  return path.startsWith('packages/calin/test/') || /\.bench(?:\.long)?\.test\.ts$/.test(path);
}

/** What a queue tells, but for its totals (`tests 12`), which are added to those of the other. */
async function* withoutTotals(
  events: AsyncIterable<ReportedEvent>,
  totals: Map<string, number>,
): AsyncGenerator<ReportedEvent, void> {
  for await (const event of events) {
    const { file, message = '' } = event.data;
    if (event.type !== 'test:diagnostic' || file !== undefined) {
      yield event;
      continue;
    }
    const [name = '', value] = message.split(' ');
    totals.set(name, (totals.get(name) ?? 0) + Number(value));
  }
}
