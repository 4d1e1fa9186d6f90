import { Withholder } from '../byzantine/withholder.ts';
import type { Cluster } from '../cluster.ts';
import { simKey } from '../keys.ts';
import { WORLD } from '../regions.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';
import { blockMakers, stageTroubles } from './troubled-network.ts';

const S = 1_000_000;
const BLOCK_MS = 5_000;
/** Hashes that a block takes; each of them is really computed. */
const DIFFICULTY = 500;

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
  const miners = blockMakers(options.nodes);
  const spec = { initialDifficulty: DIFFICULTY, blockMs: BLOCK_MS, halfLifeMs: 120_000 };
  const work = { spec, hashesPerSecond: hashRates(miners) };
  const choices = { authorities: miners, work, blockMs: BLOCK_MS, quietUs: 60 * S, cheat };
  return stageTroubles(choices, options);
}

/** The largest miner works for itself. */
function cheat(cluster: Cluster): void {
  const largest = cluster.node(0);
  const holds = { producer: simKey(0).address, holdUs: 10 * S };
  cluster.corrupt(largest, new Withholder(holds, largest.agenda));
}

/** A fifth of the work for the first miner, and the rest for the others, one twice as fast as the next but one. */
function hashRates(miners: number): readonly number[] {
  const all = (DIFFICULTY * 1000) / BLOCK_MS;
  const first = Math.round(all / 5);
  const shares = Array.from({ length: miners - 1 }, (_, i) => (i % 2 === 0 ? 2 : 1));
  const sum = shares.reduce((total, share) => total + share, 0);
  return [first, ...shares.map((share) => Math.max(1, Math.round(((all - first) * share) / sum)))];
}
