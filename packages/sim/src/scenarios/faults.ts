import { cheatersMax, chooseCheaters, holdBack } from './cheaters.ts';
import { createWork } from './mining-work.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { FAULTS_CARD } from './scenario-cards.ts';
import { blockMakers, stageTroubles } from './troubled-network.ts';

const S = 1_000_000;
const SLOT_MS = 2_000;

/** Blocks that take work are found at once now and then; around the world two seconds would be mostly forks. */
const WORK_BLOCK_MS = 5_000;

/**
 * Blocks on a block before it is final, where no votes say so. A part of the network that is cut off for half a minute,
 * and for the time that it takes to find the others again, makes fewer than half as many, so its own never become
 * final: that is what a chain without votes needs, and what the checkers would find broken. With work the smaller part
 * may be lucky, but its blocks take longer.
 */
const DEPTH = 60;
const WORK_DEPTH = 24;

/** Everything goes wrong at once, and then nothing. */
export const faults: Scenario = { ...FAULTS_CARD, stage };

function stage(options: StageOptions): Stage {
  const { consensus, seed, nodes } = options;
  const makers = blockMakers(nodes);
  const cheaters = chooseCheaters({ seed, consensus, nodes, makers, cheaters: cheatersMax(makers) });
  const mines = consensus === 'pow' || consensus === 'hybrid';
  return stageTroubles(
    {
      authorities: makers,
      ...(mines ? { work: createWork(makers, WORK_BLOCK_MS) } : {}),
      blockMs: mines ? WORK_BLOCK_MS : SLOT_MS,
      finalityBlocks: mines ? WORK_DEPTH : DEPTH,
      quietUs: 30 * S,
      twins: cheaters.twins,
      cheat(cluster) {
        // Of miners it is the largest one that works for itself.
        if (consensus === 'pow') holdBack(cluster, 0, 10 * S);
        else cheaters.corrupt(cluster);
      },
    },
    options,
  );
}
