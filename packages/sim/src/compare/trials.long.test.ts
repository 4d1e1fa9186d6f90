import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PRESET_NAMES, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import { TEST_SIGNATURES } from '../fast-signatures.testing.ts';
import { runCompared } from './compared-run.ts';
import { judgeTrial } from './comparison.ts';
import type { ComparedSetting } from './setting.ts';
import { TRIALS } from './trials.ts';

/**
 * Of the trials those at the bound of a consensus and just beyond it; a comparison runs all. The lotteries of pos take
 * a proof for each validator and slot, and its votes are those of hybrid.
 */
const TRIED: Readonly<Record<PresetName, readonly RegExp[]>> = {
  poa: [/halves for a quarter/],
  pow: [/60 % of the hash rate/],
  pos: [],
  dpos: [/halves for a quarter/],
  hybrid: [/60 % of the hash rate/],
  bft: [/three of ten on both/, /four of ten on both/],
};

describe('what each consensus is said to bear, and not to bear', () => {
  for (const consensus of PRESET_NAMES) {
    for (const { setting, claims } of TRIALS) {
      const claim = claims[consensus];
      if (claim === undefined || !TRIED[consensus].some((name) => name.test(setting.name))) continue;
      it(`${consensus}, ${setting.name}: ${claim}`, () => {
        const run = runCompared({ setting, consensus, seed: 1 }, TEST_SIGNATURES);
        assert.equal(judgeTrial(run), claim, JSON.stringify([run.during, run.blocks, run.violations[0]]));
        if (claim === 'breaks') assert.equal(run.violations[0]?.invariant, 'agreement');
      });
    }
  }
});

describe('a majority of the hash rate', () => {
  const attack = { kind: 'secret', fromS: 60, toS: 200 } as const;
  const setting = { name: 'depth 6', nodes: 8, makers: 4, durationS: 260, faults: [], finalityBlocks: 6 };

  it('of 60 % undoes blocks that six others follow, and the checker names them', () => {
    const beyond: ComparedSetting = { ...setting, attack: { ...attack, hashPercent: 60 } };
    const { violations } = runCompared({ setting: beyond, consensus: 'pow', seed: 1 }, TEST_SIGNATURES);
    assert.equal(violations[0]?.message, 'Two nodes have another final block at one height.');
  });

  it('is needed: 20 % undo nothing', () => {
    const within: ComparedSetting = { ...setting, attack: { ...attack, hashPercent: 20 } };
    const run = runCompared({ setting: within, consensus: 'pow', seed: 1 }, TEST_SIGNATURES);
    assert.deepEqual(run.violations, []);
    assert.ok((run.during?.finals ?? 0) > 5);
  });
});
