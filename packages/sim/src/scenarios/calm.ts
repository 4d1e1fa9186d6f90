import { createWork } from './mining-work.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { CALM_CARD } from './scenario-cards.ts';
import { stageTroubles } from './troubled-network.ts';

const BLOCK_MS = 5_000;

/** Few enough that a partition of a minute or two lets two branches become final, where no votes stand in the way. */
const DEPTH = 6;

/** A chain of any kind on which nothing goes wrong by itself: a stage for faults that somebody draws. */
export const calm: Scenario = { ...CALM_CARD, stage };

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
