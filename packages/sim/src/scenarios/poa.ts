import { Inclusion, Liveness } from '../checkers/liveness.ts';
import { safetyCheckers } from '../checkers/safety.ts';
import { compareWithIdealFlood } from '../ideal-flood.ts';
import type { RunSummary } from '../part-summary.ts';
import { createPayingNetwork, JITTER_PERCENT } from './paying-network.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { POA_CARD } from './scenario-cards.ts';

const SLOT_MS = 10_000;
const SLOT_US = 1000 * SLOT_MS;
const AUTHORITIES_MAX = 21;

/** The last transfers have a few slots to come into a block. */
const QUIET_US = 60_000_000;

/** A network in which nothing goes wrong. */
export const poa: Scenario = { ...POA_CARD, stage };

function stage(options: StageOptions): Stage {
  const { nodes, durationUs } = options;
  const choices = {
    slotMs: SLOT_MS,
    finalityBlocks: 6,
    authorities: Math.min(nodes, AUTHORITIES_MAX),
    skewMsMax: 0,
    checkpointBlocks: 100_000,
    // A transfer in each block.
    workload: { intervalUs: 10_000_000, chainedPpm: 200_000, doubleSpendPpm: 10_000 },
  };
  const { cluster, workload } = createPayingNetwork(choices, options);
  cluster.start(SLOT_US / 2);
  workload.play({ fromUs: SLOT_US, untilUs: durationUs - QUIET_US });
  const slots = Math.floor(durationUs / SLOT_US);
  const checkers = [
    ...safetyCheckers(),
    new Liveness({ healedUs: 0, blocksMin: slots - 2, spreadMax: 1 }),
    new Inclusion(workload, 100),
  ];
  const results = (run: RunSummary) => ({ ...compareWithIdealFlood(run, JITTER_PERCENT) });
  return { cluster, checkers, workload, results };
}
