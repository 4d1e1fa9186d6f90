import { EqualRoots } from '../checkers/equal-roots.ts';
import { FinalBlocks } from '../checkers/final-blocks.ts';
import { LedgerReplay } from '../checkers/ledger-replay.ts';
import { Inclusion, Liveness } from '../checkers/liveness.ts';
import { Cluster } from '../cluster.ts';
import { WORLD } from '../regions.ts';
import { simSpec } from '../spec.ts';
import { Workload } from '../workload.ts';
import { createWorld } from '../world.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';

const SLOT_MS = 10_000;
const FINALITY_BLOCKS = 6;
const AUTHORITIES_MAX = 21;

/** A transfer every five seconds: two in each block. */
const TRANSFER_INTERVAL_US = 5_000_000;

/** The last transfers have a few slots to come into a block. */
const QUIET_US = 60_000_000;

/** A network in which nothing goes wrong. */
export const poa: Scenario = {
  name: 'poa',
  summary: 'Proof of authority, a block every ten seconds, and nothing goes wrong.',
  nodes: 25,
  nodesMin: 1,
  durationS: 3600,
  stage,
};

function stage({ seed, nodes, durationUs, log, carries, verify }: StageOptions): Stage {
  const authorities = Math.min(nodes, AUTHORITIES_MAX);
  const coins = Math.ceil((1.5 * durationUs) / TRANSFER_INTERVAL_US) + 100;
  const spec = simSpec({ authorities, slotMs: SLOT_MS, finalityBlocks: FINALITY_BLOCKS, coins });
  const network = { regions: WORLD, jitterPercent: 20, carries };
  const world = createWorld({ seed, spec, network, log, verify });
  const cluster = new Cluster(
    {
      nodes,
      regions: WORLD,
      uplinkBytesPerSecond: 2_500_000,
      syncUs: 5_000,
      skewMsMax: 0,
      authorities,
      seeds: 8,
      node: { mode: { kind: 'full' }, checkpointBlocks: 100_000, mempoolBytesMax: 8_000_000 },
    },
    world,
  );
  cluster.start(SLOT_MS * 500);
  const workload = new Workload(
    { intervalUs: TRANSFER_INTERVAL_US, chainedPpm: 200_000, doubleSpendPpm: 10_000 },
    cluster,
  );
  workload.play({ fromUs: SLOT_MS * 1000, untilUs: durationUs - QUIET_US });
  const slots = Math.floor(durationUs / (SLOT_MS * 1000));
  const checkers = [
    new FinalBlocks(),
    new LedgerReplay(),
    new EqualRoots({ verifiedNodes: 1 }),
    new Liveness({ healedUs: 0, blocksMin: slots - 2, spreadMax: 1 }),
    new Inclusion(workload, 100),
  ];
  return { cluster, checkers, workload };
}
