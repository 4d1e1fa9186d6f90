import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../../src/adapters/level-store.testing.ts';
import { runCrashes } from './crash-run.testing.ts';

describe('a node that is killed again and again', () => {
  it('loses nothing it has answered for, and opens again without help', async () => {
    using folder = temporaryFolder();
    const report = await runCrashes({ folder: join(folder.path, 'chain'), kills: 5, seed: 1 });
    assert.equal(report.kills, 5);
    assert.equal(report.replays, 1);
    assert.ok(report.blocks > 0 && report.transactions > 0, JSON.stringify(report));
  });
});
