import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DRILLS } from './drills.testing.ts';
import { runDrill, whyNot } from './run-drill.testing.ts';

/** The cluster takes two minutes: `npm run drill -- cluster`; what it shows is shown in the small by test/e2e. */
const LONG = ['cluster'];

describe('real nodes in situations of the real world', () => {
  for (const drill of DRILLS.filter(({ name }) => !LONG.includes(name))) {
    test(`${drill.name}: ${drill.summary}`, async (context) => {
      const reason = whyNot(drill);
      if (reason !== undefined) return context.skip(reason);
      const folder = mkdtempSync(join(tmpdir(), `calin-drill-${drill.name}-`));
      context.after(() => rmSync(folder, { recursive: true, force: true }));
      await runDrill(drill, folder, ({ claim, seen }) => context.diagnostic(`${claim}: ${seen}`));
    });
  }
});
