import { Equivocator } from '../byzantine/equivocator.ts';
import { Withholder } from '../byzantine/withholder.ts';
import { EqualRoots } from '../checkers/equal-roots.ts';
import { FinalBlocks } from '../checkers/final-blocks.ts';
import { LedgerReplay } from '../checkers/ledger-replay.ts';
import { Liveness } from '../checkers/liveness.ts';
import type { Cluster } from '../cluster.ts';
import { crashNodes, disturbLinks, dividePeers, type FaultTime, skewClocks } from '../faults.ts';
import { simKey } from '../keys.ts';
import { WORLD } from '../regions.ts';
import { createPoaNetwork } from './poa-network.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';

const SLOT_MS = 2_000;
const S = 1_000_000;

/**
 * Blocks that must follow before one is final. A part of the network that is cut off for {@link DIVIDED_US_MAX}, and
 * for the time that it takes to find the others again, makes fewer than half as many, so its own never become final:
 * that is what a chain without votes needs, and what the checkers would find broken.
 */
const FINALITY_BLOCKS = 60;
const DIVIDED_US_MAX = 30 * S;

/** Everything is whole for the last two fifths of a run. */
const HEALED_SHARE = 0.6;

/** Nodes of an authority that cheat: fewer than a third. */
const cheaters = (authorities: number) => Math.floor((authorities - 1) / 3);

/** Everything goes wrong at once, and then nothing. */
export const faults: Scenario = {
  name: 'faults',
  summary:
    'Power cuts, partitions, lost and doubled messages, wrong clocks, authorities that make two blocks or keep them back.',
  nodes: 25,
  nodesMin: 4,
  durationS: 300,
  regions: WORLD,
  stage,
};

function stage(options: StageOptions): Stage {
  const { nodes, durationUs } = options;
  const authorities = Math.max(4, Math.floor((2 * nodes) / 5));
  const choices = {
    slotMs: SLOT_MS,
    finalityBlocks: FINALITY_BLOCKS,
    authorities,
    skewMsMax: 300,
    checkpointBlocks: 20,
    workload: { intervalUs: 2 * S, chainedPpm: 200_000, doubleSpendPpm: 50_000 },
  };
  const { cluster, workload } = createPoaNetwork(choices, options);
  const healedUs = Math.floor(HEALED_SHARE * durationUs);
  const time = { fromUs: 15 * S, untilUs: Math.floor(0.9 * healedUs), healedUs };
  cluster.start(2 * S);
  workload.play({ fromUs: 10 * S, untilUs: durationUs - 30 * S });
  cheat(cluster, authorities);
  breakThings(cluster, time);
  const slotsAfter = Math.floor((durationUs - healedUs) / (1000 * SLOT_MS));
  const checkers = [
    new FinalBlocks(),
    new LedgerReplay(),
    new EqualRoots({ verifiedNodes: 1 }),
    // Of the slots after healing half must have a block: cheaters waste theirs, and finding each other takes some.
    new Liveness({ healedUs, blocksMin: Math.floor(slotsAfter / 2), spreadMax: 2 }),
  ];
  return { cluster, checkers, workload };
}

/** Lets the last authorities cheat, each in a way of its own. */
function cheat(cluster: Cluster, authorities: number): void {
  const dice = cluster.world.dice('cheaters');
  for (let i = authorities - cheaters(authorities); i < authorities; i++) {
    const node = cluster.node(i);
    const key = simKey(i);
    const equivocates = dice.oneIn(2);
    const holdUs = dice.between(1, 8) * S;
    cluster.corrupt(
      node,
      equivocates
        ? new Equivocator(node, key)
        : new Withholder({ producer: key.address, holdUs }, node.agenda),
    );
  }
}

/** Power cuts, partitions shorter than half a minute, bad links and wrong clocks. */
export function breakThings(cluster: Cluster, time: FaultTime): void {
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
