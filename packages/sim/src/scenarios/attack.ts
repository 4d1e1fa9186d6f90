import { Attacker } from '../byzantine/attacker.ts';
import { flood, garbage, lyingHead } from '../byzantine/attacks.ts';
import { Inclusion, Liveness } from '../checkers/liveness.ts';
import { safetyCheckers } from '../checkers/safety.ts';
import { ThrownOut } from '../checkers/thrown-out.ts';
import type { Cluster } from '../cluster.ts';
import type { RunSummary } from '../part-summary.ts';
import { WORLD } from '../regions.ts';
import { createPayingNetwork } from './paying-network.ts';
import type { Scenario, Stage, StageOptions } from './scenario.ts';

const SLOT_MS = 5_000;
const S = 1_000_000;

/** Attackers for each honest node, and victims of each. */
const ATTACKERS_SHARE = 0.8;
const VICTIMS = 6;

/** Strangers that send garbage, floods and lies to a network in which all nodes are honest. */
export const attack: Scenario = {
  consensus: ['poa'],
  name: 'attack',
  summary:
    'Strangers send garbage, floods and lies about their heads; they are thrown out, and nobody is slowed down.',
  nodes: 25,
  nodesMin: 4,
  durationS: 240,
  regions: WORLD,
  stage,
};

function stage(options: StageOptions): Stage {
  const { nodes, durationUs } = options;
  const choices = {
    slotMs: SLOT_MS,
    finalityBlocks: 6,
    authorities: nodes,
    skewMsMax: 0,
    checkpointBlocks: 100_000,
    workload: { intervalUs: 2 * S, chainedPpm: 200_000, doubleSpendPpm: 10_000 },
  };
  const { cluster, workload } = createPayingNetwork(choices, options);
  cluster.start(2 * S);
  workload.play({ fromUs: 5 * S, untilUs: durationUs - 30 * S });
  const attackers = createAttackers(cluster, Math.ceil(ATTACKERS_SHARE * nodes));
  const attackUs = Math.floor(durationUs / 4);
  const { clock } = cluster.world;
  for (const attacker of attackers) clock.schedule(attackUs, { fire: () => attacker.start() });
  const checkers = [
    ...safetyCheckers(),
    new Liveness({ healedUs: 0, blocksMin: Math.floor(durationUs / S / 5) - 2, spreadMax: 1 }),
    new Inclusion(workload, 100),
    new ThrownOut(attackers, attackUs),
  ];
  const counts = () => ({ thrownOut: thrownOut(attackers) });
  const results = (run: RunSummary) => ({ ...delays(run, attackUs), ...run.counts });
  return { cluster, checkers, workload, counts, results };
}

function createAttackers({ world, nodes }: Cluster, count: number): readonly Attacker[] {
  const dice = world.dice('attackers');
  const names = nodes.map(({ name }) => name);
  return Array.from({ length: count }, (_, i) => {
    const attack = [garbage, flood, lyingHead][i % 3] as typeof garbage;
    const victims = dice.shuffle(names).slice(0, VICTIMS);
    return new Attacker({ name: `x${i}`, number: nodes.length + 1 + i, attack, victims }, world);
  });
}

/** How long a block took to reach a node, before the attack and under it; milliseconds on average. */
function delays({ blocks }: RunSummary, attackUs: number): { quietMs: number; attackedMs: number } {
  const mean = (isAttacked: boolean): number => {
    const all = blocks
      .filter(({ madeUs }) => madeUs >= attackUs === isAttacked)
      .flatMap(({ delaysUs }) => delaysUs);
    return Math.round(all.reduce((sum, delayUs) => sum + delayUs, 0) / Math.max(1, all.length) / 10) / 100;
  };
  return { quietMs: mean(false), attackedMs: mean(true) };
}

function thrownOut(attackers: readonly Attacker[]): number {
  return attackers.reduce((sum, attacker) => sum + attacker.thrownOut, 0);
}
