/**
 * Runs the comparison that the pages of docs/reference/consensus/ show, and keeps what came out beside them:
 * `npm run compare`, and `npm run docs` after it. It takes minutes and depends on the whole node, so the pages are made
 * from the committed result.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { parseFaultsFile } from '@calin/sim/compare/faults-file.ts';
import { compareConsensus } from '../packages/calin/src/host/compare-consensus.ts';
import { COMPARISON_PATH, FAULTS_PATH, type SavedComparison } from './lib/saved-comparison.ts';
import { fromRoot } from './lib/workspace.ts';

const parsed = parseFaultsFile(JSON.parse(readFileSync(fromRoot(FAULTS_PATH), 'utf8')));
if (!parsed.ok) throw new Error(`${parsed.error.message} ${JSON.stringify(parsed.error.evidence)}`);
const options = { consensus: PRESET_NAMES, faults: parsed.value, seed: 1, nodes: 25, durationS: 600 };
const { trials, ...comparison } = await compareConsensus(options, undefined, (done, total) => {
  console.log(`${done} of ${total}`);
});
const saved: SavedComparison = {
  ...comparison,
  trials: trials.map(({ name, results }) => ({
    name,
    results: results.map(({ consensus, claim, seen, run }) => ({
      ...{ consensus, claim, seen, blocks: run.blocks },
      broken: run.violations[0]?.message,
    })),
  })),
};
writeFileSync(fromRoot(COMPARISON_PATH), `${JSON.stringify(saved)}\n`);
