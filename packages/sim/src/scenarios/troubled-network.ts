import { unreachable } from '@calin/core/base/assert.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { Liveness } from '../checkers/liveness.ts';
import { safetyCheckers } from '../checkers/safety.ts';
import type { Cluster } from '../cluster.ts';
import { crashNodes, disturbLinks, dividePeers, type FaultTime, skewClocks } from '../faults.ts';
import { createPayingNetwork, type PayingNetworkOptions } from './paying-network.ts';
import type { Stage, StageOptions } from './scenario.ts';

const S = 1_000_000;

/** Partitions are shorter. */
const DIVIDED_US_MAX = 30 * S;

/** Everything is whole for the last two fifths of a run. */
const HEALED_SHARE = 0.6;

/** What scenarios choose in which much goes wrong. */
export interface TroubledNetworkOptions
  extends Pick<PayingNetworkOptions, 'authorities' | 'work' | 'finalityBlocks' | 'twins'> {
  /** Milliseconds between blocks. */
  readonly blockMs: number;
  /** Nobody pays any more for so long at the end. */
  readonly quietUs: number;
  /** Lets some nodes cheat. */
  cheat(cluster: Cluster): void;
  /** Leaves everything but the cheating out: nothing breaks by itself. */
  readonly isCalm?: boolean;
}

/** A network in which everything goes wrong at once, and then nothing. */
export function stageTroubles(options: TroubledNetworkOptions, stage: StageOptions): Stage {
  const { blockMs, quietUs, cheat, isCalm = false, ...made } = options;
  const { durationUs } = stage;
  const choices = {
    ...made,
    slotMs: blockMs,
    skewMsMax: 300,
    checkpointBlocks: 20,
    workload: { intervalUs: 2 * S, chainedPpm: 200_000, doubleSpendPpm: 50_000 },
  };
  const { cluster, workload } = createPayingNetwork(choices, stage);
  const healedUs = Math.floor(HEALED_SHARE * durationUs);
  cluster.start(2 * S);
  workload.play({ fromUs: 10 * S, untilUs: durationUs - quietUs });
  cheat(cluster);
  if (!isCalm) breakThings(cluster, { fromUs: 15 * S, untilUs: Math.floor(0.9 * healedUs), healedUs });
  const blocksAfter = Math.floor((durationUs - healedUs) / (1000 * blockMs));
  // Half of what the schedule says: cheaters waste their turns, and finding each other takes some. Miners have luck as
  // well: of 20 expected blocks fewer than 10 come once in 200 runs, fewer than 4 once in 300,000 (Poisson).
  const share = options.work === undefined ? 1 / 2 : 1 / 6;
  const liveness = new Liveness({
    healedUs,
    blocksMin: Math.floor(blocksAfter * share),
    spreadMax: 2,
    openMax: openMax(cluster.world.spec),
  });
  return { cluster, checkers: [...safetyCheckers(), liveness], workload };
}

/** Blocks on the last final one when nothing is wrong: with votes those of three intervals, and the lag. */
function openMax({ consensus: { finality } }: ChainSpec): number {
  switch (finality.kind) {
    case 'depth':
      return finality.blocks;
    case 'votes':
      return 3 * finality.intervalBlocks + finality.lagBlocks;
    case 'votes-each':
      return 1;
    default:
      return unreachable(finality);
  }
}

/** Power cuts, partitions shorter than half a minute, bad links and wrong clocks. */
function breakThings(cluster: Cluster, time: FaultTime): void {
  const offMax = Math.ceil(cluster.nodes.length / 4);
  crashNodes(cluster, { intervalUs: 8 * S, lastsUsMin: S, lastsUsMax: 40 * S, offMax }, time);
  dividePeers(cluster, { intervalUs: 40 * S, lastsUsMin: 5 * S, lastsUsMax: DIVIDED_US_MAX }, time);
  const disturbed = { lossPpm: 20_000, duplicatePpm: 10_000, reorderPpm: 30_000 };
  disturbLinks(
    cluster,
    { intervalUs: 30 * S, lastsUsMin: 5 * S, lastsUsMax: 40 * S, faults: disturbed },
    time,
  );
  skewClocks(cluster, { intervalUs: 20 * S, skewMsMax: 900 }, time);
}

/** Nodes that make blocks among all: two fifths, four at least. */
export function blockMakers(nodes: number): number {
  return Math.max(4, Math.floor((2 * nodes) / 5));
}
