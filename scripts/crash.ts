/**
 * Kills a node at random moments and checks what it left: `npm run crash -- [--kills 200] [--seed S] [--json]`.
 * Everything the node had answered for must be on disk, the state must be that of a replay from genesis, and the node
 * must open again without help. A failure prints the seed and keeps the folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCrashes } from '../packages/calin/test/crash/crash-run.testing.ts';
import { progressLine } from './lib/progress.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log('npm run crash -- [--kills N] [--seed S] [--json]');
  process.exit(0);
}
const kills = Number(values.kills);
const seed = values.seed === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] : Number(values.seed);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  console.error('--kills and --seed are whole numbers');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'calin-crash-'));
const progress = progressLine('crash');
const startMs = performance.now();
try {
  const report = await runCrashes({
    folder: join(folder, 'chain'),
    kills,
    seed: seed as number,
    progress: (done, label) => progress.update(done, kills, label),
  });
  progress.clear();
  rmSync(folder, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - startMs) / 1000);
  if (values.json) console.log(JSON.stringify({ seed, seconds, ...report }));
  else {
    const { blocks, transactions, killsAtStart, unannounced, replays } = report;
    console.log(
      `ok: ${kills} kills (${killsAtStart} while opening) in ${seconds} s, seed ${seed}: all ${blocks} blocks and ` +
        `${transactions} transactions are there, ${unannounced} blocks had not been answered for, ` +
        `${replays} replays from genesis agree`,
    );
  }
} catch (error) {
  progress.clear();
  console.error(`failed: ${(error as Error).message}`);
  console.error(
    `The store is kept in ${folder}. Seed ${seed}; the moments of the kills differ from run to run.`,
  );
  process.exit(1);
}
