import { Equivocator } from '../byzantine/equivocator.ts';
import { Withholder } from '../byzantine/withholder.ts';
import type { Cluster } from '../cluster.ts';
import { simKey } from '../keys.ts';
import { WORLD } from '../regions.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { blockMakers, stageTroubles } from './troubled-network.ts';

const SLOT_MS = 2_000;
const S = 1_000_000;

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
  const authorities = blockMakers(options.nodes);
  const choices = {
    authorities,
    blockMs: SLOT_MS,
    quietUs: 30 * S,
    cheat: (cluster: Cluster) => cheat(cluster, authorities),
  };
  return stageTroubles(choices, options);
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
