import { relative } from 'node:path';
import { inspect } from 'node:util';
import { ROOT } from './workspace.ts';

/** The parts of node:test's events that are read here; see "Class: TestsStream" in its documentation. */
export interface ReportedEvent {
  readonly type: string;
  readonly data: {
    readonly name?: string;
    readonly message?: string;
    readonly file?: string | undefined;
    readonly line?: number | undefined;
    readonly counts?: { readonly tests: number; readonly passed: number };
    readonly duration_ms?: number;
    readonly details?: { readonly error?: { readonly failureType?: string; readonly cause?: unknown } };
  };
}

/**
 * A reporter for node:test that prints one line per file, every failure in full where it happens, and the totals
 * (`# tests N`, `# pass N`, …) at the end.
 */
export default async function* report(events: AsyncIterable<ReportedEvent>): AsyncGenerator<string, void> {
  for await (const { type, data } of events) {
    const file = data.file === undefined ? '' : relative(ROOT, data.file);
    if (type === 'test:fail') {
      yield formatFailure(file, data);
    } else if (type === 'test:summary' && data.counts !== undefined && file !== '') {
      const { passed, tests } = data.counts;
      const share = passed === tests ? `${tests}` : `${passed} of ${tests}`;
      const seconds = ((data.duration_ms ?? 0) / 1000).toFixed(1);
      yield `${passed === tests ? 'ok    ' : 'FAILED'} ${share.padStart(4)}  ${seconds.padStart(5)} s  ${file}\n`;
    } else if (type === 'test:diagnostic' && file === '') {
      yield `# ${data.message}\n`;
    } else if (type === 'test:stdout' || type === 'test:stderr') {
      yield data.message ?? '';
    }
  }
}

/** A suite that only failed because a test in it did is not told again. */
function formatFailure(file: string, { name, line, details }: ReportedEvent['data']): string {
  const { failureType, cause } = details?.error ?? {};
  if (failureType === 'subtestsFailed') return '';
  const error = cause instanceof Error ? inspect(cause) : inspect(cause ?? details?.error);
  return `\nFAILED ${name} (${file}:${line})\n${error.replace(/^/gm, '  ')}\n\n`;
}
