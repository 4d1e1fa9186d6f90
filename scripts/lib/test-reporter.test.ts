import assert from 'node:assert/strict';
import { test } from 'node:test';
import report, { type ReportedEvent } from './test-reporter.ts';
import { fromRoot } from './workspace.ts';

async function lines(events: readonly ReportedEvent[]): Promise<string> {
  async function* stream() {
    yield* events;
  }
  let text = '';
  for await (const part of report(stream())) text += part;
  return text;
}

const file = fromRoot('packages/x/a.test.ts');

test('a file is one line, the totals come as node:test counts them', async () => {
  const text = await lines([
    { type: 'test:pass', data: { name: 'one', file } },
    { type: 'test:summary', data: { file, counts: { tests: 2, passed: 2 }, duration_ms: 1234 } },
    { type: 'test:diagnostic', data: { message: 'tests 2' } },
    { type: 'test:diagnostic', data: { message: 'pass 2' } },
    { type: 'test:summary', data: { counts: { tests: 2, passed: 2 }, duration_ms: 1234 } },
  ]);
  assert.equal(text, 'ok        2    1.2 s  packages/x/a.test.ts\n# tests 2\n# pass 2\n');
});

test('a failure is told once, with its place and its cause', async () => {
  const failed = (name: string, failureType: string): ReportedEvent => ({
    type: 'test:fail',
    data: { name, file, line: 7, details: { error: { failureType, cause: new Error('broken') } } },
  });
  const text = await lines([
    failed('inner', 'testCodeFailure'),
    failed('suite', 'subtestsFailed'),
    { type: 'test:summary', data: { file, counts: { tests: 2, passed: 1 }, duration_ms: 10 } },
  ]);
  assert.match(text, /^\nFAILED inner \(packages\/x\/a\.test\.ts:7\)\n {2}Error: broken\n/);
  assert.doesNotMatch(text, /FAILED suite/);
  assert.match(text, /FAILED 1 of 2 {4}0\.0 s {2}packages\/x\/a\.test\.ts\n$/);
});
