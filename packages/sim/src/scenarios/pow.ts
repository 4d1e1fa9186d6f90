import { Withholder } from '../byzantine/withholder.ts';
import { EqualRoots } from '../checkers/equal-roots.ts';
import { FinalBlocks } from '../checkers/final-blocks.ts';
import { LedgerReplay } from '../checkers/ledger-replay.ts';
import { Liveness } from '../checkers/liveness.ts';
import { simKey } from '../keys.ts';
import { WORLD } from '../regions.ts';
import { breakThings } from './faults.ts';
import { createPoaNetwork } from './poa-network.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';

const S = 1_000_000;
const BLOCK_MS = 5_000;
/** Hashes that a block takes; each of them is really computed. */
const DIFFICULTY = 500;

/**
 * Blocks that must follow before one is final: ten times as many as the longest partition lasts, for the smaller part
 * may be lucky.
 */
const FINALITY_BLOCKS = 60;

/** Everything is whole for the last two fifths of a run. */
const HEALED_SHARE = 0.6;

/** Proof of work around the world, with all that goes wrong. */
export const pow: Scenario = {
  name: 'pow',
  summary:
    'Proof of work: miners small and large, forks, power cuts, partitions, bad links; the largest miner keeps blocks back.',
  nodes: 25,
  nodesMin: 4,
  durationS: 600,
  regions: WORLD,
  stage,
};

function stage(options: StageOptions): Stage {
  const { nodes, durationUs } = options;
  const miners = Math.max(4, Math.floor((2 * nodes) / 5));
  const hashesPerSecond = hashRates(miners);
  const choices = {
    slotMs: BLOCK_MS,
    finalityBlocks: FINALITY_BLOCKS,
    authorities: miners,
    work: {
      spec: { initialDifficulty: DIFFICULTY, blockMs: BLOCK_MS, halfLifeMs: 120_000 },
      hashesPerSecond,
    },
    skewMsMax: 300,
    checkpointBlocks: 20,
    workload: { intervalUs: 2 * S, chainedPpm: 200_000, doubleSpendPpm: 50_000 },
  };
  const { cluster, workload } = createPoaNetwork(choices, options);
  const healedUs = Math.floor(HEALED_SHARE * durationUs);
  const time = { fromUs: 15 * S, untilUs: Math.floor(0.9 * healedUs), healedUs };
  cluster.start(2 * S);
  workload.play({ fromUs: 10 * S, untilUs: durationUs - 60 * S });
  const largest = cluster.node(0);
  const holds = { producer: simKey(0).address, holdUs: 10 * S };
  cluster.corrupt(largest, new Withholder(holds, largest.agenda));
  breakThings(cluster, time);
  const blocksAfter = Math.floor((durationUs - healedUs) / (1000 * BLOCK_MS));
  const checkers = [
    new FinalBlocks(),
    new LedgerReplay(),
    new EqualRoots({ verifiedNodes: 1 }),
    // Half of what the schedule says: miners are unlucky, and one of them works for itself.
    new Liveness({ healedUs, blocksMin: Math.floor(blocksAfter / 2), spreadMax: 2 }),
  ];
  return { cluster, checkers, workload };
}

/** A fifth of the work for the first miner, and the rest for the others, one twice as fast as the next but one. */
function hashRates(miners: number): readonly number[] {
  const all = (DIFFICULTY * 1000) / BLOCK_MS;
  const first = Math.round(all / 5);
  const shares = Array.from({ length: miners - 1 }, (_, i) => (i % 2 === 0 ? 2 : 1));
  const sum = shares.reduce((total, share) => total + share, 0);
  return [first, ...shares.map((share) => Math.max(1, Math.round(((all - first) * share) / sum)))];
}
