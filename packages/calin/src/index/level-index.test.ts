import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexCompliance } from './index-compliance.testing.ts';
import { LevelIndex } from './level-index.ts';

indexCompliance('the index in LevelDB', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'calin-index-'));
  return {
    open: () => LevelIndex.open(join(folder, 'index')),
    close: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
});
