import { holdBack } from './cheaters.ts';
import { createWork } from './mining-work.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { POW_CARD } from './scenario-cards.ts';
import { blockMakers, stageTroubles } from './troubled-network.ts';

const S = 1_000_000;
const BLOCK_MS = 5_000;

/** Proof of work around the world, with all that goes wrong. */
export const pow: Scenario = { ...POW_CARD, stage };

function stage(options: StageOptions): Stage {
  const miners = blockMakers(options.nodes);
  return stageTroubles(
    {
      authorities: miners,
      work: createWork(miners, BLOCK_MS),
      blockMs: BLOCK_MS,
      finalityBlocks: 60,
      quietUs: 60 * S,
      // The largest miner works for itself.
      cheat: (cluster) => holdBack(cluster, 0, 10 * S),
    },
    options,
  );
}
