import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromRoot, ROOT } from './workspace.ts';

/** Runs files of these texts as tests, in a process that is no test itself; its status and what it prints. */
function run(context: TestContext, ...texts: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'calin-run-tests-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const paths = texts.map((text, i) => {
    // Every second one is of the queue of those that wait.
    const path = join(folder, i % 2 === 0 ? `${i}.test.ts` : `${i}.bench.test.ts`);
    writeFileSync(path, `import { test } from 'node:test';\n${text}`);
    return relative(ROOT, path);
  });
  const code = `import { runTests } from ${JSON.stringify(fromRoot('scripts/lib/run-tests.ts'))};
process.exitCode = (await runTests(${JSON.stringify(paths)})) ? 0 : 1;`;
  const program = join(folder, 'run.ts');
  writeFileSync(program, code);
  const env = { ...process.env };
  delete env['NODE_TEST_CONTEXT'];
  return spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
}

test('tests of both queues are run and counted together', (context) => {
  const { status, stdout } = run(
    context,
    "test('a', () => {});",
    "test('b', () => {});\ntest('c', () => {});",
  );
  assert.match(stdout, /^ok +1 .*0\.test\.ts$/m);
  assert.match(stdout, /^ok +2 .*1\.bench\.test\.ts$/m);
  assert.match(stdout, /^# tests 3\n[\s\S]*^# pass 3\n# fail 0\n/m);
  assert.equal(status, 0);
});

test('one test that fails, or a file that does not load, fails all', (context) => {
  for (const text of ["test('a', () => { throw new Error('broken'); });", "import './missing.ts';"]) {
    for (const texts of [
      [text, ''],
      ['', text],
    ]) {
      const { status, stdout } = run(context, ...texts);
      assert.match(stdout, /^FAILED /m);
      assert.equal(status, 1);
    }
  }
});
