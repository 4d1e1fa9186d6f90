import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import { WORLD } from '../regions.ts';
import { createWork } from './mining-work.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { stageTroubles } from './troubled-network.ts';

const BLOCK_MS = 5_000;

/** Few enough that a partition of a minute or two lets two branches become final, where no votes stand in the way. */
const DEPTH = 6;

/** A chain of any kind on which nothing goes wrong by itself: a stage for faults that somebody draws. */
export const calm: Scenario = {
  consensus: PRESET_NAMES,
  name: 'calm',
  summary:
    'Any consensus, a block every five seconds, half of the nodes make blocks, and nothing goes wrong by itself.',
  nodes: 12,
  nodesMin: 4,
  durationS: 180,
  regions: WORLD,
  stage,
};

function stage(options: StageOptions): Stage {
  const makers = Math.max(4, Math.floor(options.nodes / 2));
  const mines = options.consensus === 'pow' || options.consensus === 'hybrid';
  return stageTroubles(
    {
      authorities: makers,
      ...(mines ? { work: createWork(makers, BLOCK_MS) } : {}),
      blockMs: BLOCK_MS,
      finalityBlocks: DEPTH,
      quietUs: 30_000_000,
      cheat: () => {},
      isCalm: true,
    },
    options,
  );
}
