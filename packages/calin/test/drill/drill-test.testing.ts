import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Drill } from './drill.testing.ts';
import { runDrill, whyNot } from './run-drill.testing.ts';

/** Holds a drill as a test, which is skipped with the reason where it cannot be held. */
export function drillTest(drill: Drill): void {
  test(`${drill.name}: ${drill.summary}`, async (context) => {
    const reason = whyNot(drill);
    if (reason !== undefined) return context.skip(reason);
    const folder = mkdtempSync(join(tmpdir(), `calin-drill-${drill.name}-`));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    await runDrill(drill, folder, ({ claim, seen }) => context.diagnostic(`${claim}: ${seen}`));
  });
}
