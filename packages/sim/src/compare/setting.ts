import { assert, unreachable } from '@calin/core/base/assert.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import { safetyCheckers } from '../checkers/safety.ts';
import type { Cluster } from '../cluster.ts';
import { WORLD } from '../regions.ts';
import { type Cheaters, chooseCheaters } from '../scenarios/cheaters.ts';
import { createWork } from '../scenarios/mining-work.ts';
import { createPayingNetwork } from '../scenarios/paying-network.ts';
import type { Scenario, Stage, StageOptions } from '../scenarios/scenario.ts';
import { applyFaults, divide, type Span, switchOff } from './apply-faults.ts';
import type { ComparedFault } from './faults-file.ts';

const S = 1_000_000;

/** All presets make blocks at this pace, so that what they cost can be compared. */
const COMPARED_BLOCK_MS = 5_000;

/** Between two transfers, on average. */
const TRANSFER_US = 5 * S;

/** Nobody pays any more for so long at the end, and longer ones are not needed to see what becomes of the last. */
const QUIET_S = 30;

/** Machines that come back after an attack in secret, and have only what they are then told. */
const WITNESSES = 2;

/** Something that is done to a network to see where its bound is. */
export type Attack =
  /** So many makers are without power. */
  | ({ readonly kind: 'off'; readonly makers: number } & Span)
  /** The network is in two halves; so many makers run on a machine in each. */
  | ({ readonly kind: 'split'; readonly twins: number } & Span)
  /** A maker with this share of the hash rate works alone on a branch of its own, and shows it at the end. */
  | ({ readonly kind: 'secret'; readonly hashPercent: number } & Span);

/** One network of a comparison: plain data, so that a thread can be told. */
export interface ComparedSetting {
  /** A few words. */
  readonly name: string;
  readonly nodes: number;
  /** Nodes that make blocks, or vote. */
  readonly makers: number;
  readonly durationS: number;
  readonly faults: readonly ComparedFault[];
  /** As in SimConsensusOptions: in place of the numbers of the preset. */
  readonly finalityBlocks?: number;
  readonly attack?: Attack;
}

/** The scenario of a setting. */
export function comparedScenario(setting: ComparedSetting, consensus: PresetName): Scenario {
  const { name, nodes, makers, durationS } = setting;
  return {
    consensus: [consensus],
    name,
    summary: name,
    nodes,
    nodesMin: makers,
    durationS,
    regions: WORLD,
    stage: (options) => stageSetting(setting, options),
  };
}

function stageSetting(setting: ComparedSetting, options: StageOptions): Stage {
  const { makers, faults, attack, finalityBlocks } = setting;
  const { consensus, durationUs } = options;
  const cheaters = cheatersOf(setting, options);
  const mines = consensus === 'pow' || consensus === 'hybrid';
  const firstShare = attack?.kind === 'secret' ? attack.hashPercent / 100 : 1 / makers;
  const network = createPayingNetwork(
    {
      slotMs: COMPARED_BLOCK_MS,
      finalityBlocks,
      authorities: makers,
      ...(mines ? { work: createWork(makers, COMPARED_BLOCK_MS, firstShare) } : {}),
      twins: cheaters.twins,
      skewMsMax: 100,
      checkpointBlocks: 50,
      workload: { intervalUs: TRANSFER_US, chainedPpm: 200_000, doubleSpendPpm: 20_000 },
      watchesFinality: true,
    },
    options,
  );
  const { cluster, workload } = network;
  cluster.start(2 * S);
  workload.play({ fromUs: 10 * S, untilUs: durationUs - QUIET_S * S });
  cheaters.corrupt(cluster);
  applyFaults(cluster, faults);
  if (attack !== undefined) applyAttack(cluster, attack);
  return { cluster, checkers: safetyCheckers(), workload };
}

/** Who cheats: all that the faults say together, or the twins of an attack. */
function cheatersOf({ makers, faults, attack }: ComparedSetting, options: StageOptions): Cheaters {
  const { seed, consensus, nodes } = options;
  const all = { seed, consensus, nodes, makers };
  if (attack?.kind === 'split') {
    assert(makers + attack.twins <= nodes, 'a second machine for each twin');
    return chooseCheaters({ ...all, cheaters: attack.twins, does: 'equivocate' });
  }
  const [fault, ...others] = faults.flatMap((one) => (one.kind === 'byzantine' ? [one] : []));
  if (fault === undefined) return { twins: [], corrupt: () => {} };
  const percent = others.reduce((sum, { makersPercent }) => sum + makersPercent, fault.makersPercent);
  const cheaters = Math.min(makers, Math.floor((makers * percent) / 100));
  return chooseCheaters({ ...all, cheaters, does: others.length === 0 ? fault.does : undefined });
}

function applyAttack(cluster: Cluster, attack: Attack): void {
  switch (attack.kind) {
    case 'off':
      for (let i = 0; i < attack.makers; i++) switchOff(cluster, cluster.node(i), attack);
      return;
    case 'split': {
      // Honest nodes in turn to either side; of the two machines of a twin one is on each.
      const sides = new Map(cluster.honest.map(({ name }, i) => [name, i % 2]));
      const others = cluster.nodes.filter(({ name }) => !sides.has(name));
      others.forEach(({ name }, i) => {
        sides.set(name, i < attack.twins ? 0 : 1);
      });
      return divide(cluster, (name) => sides.get(name) ?? 0, attack);
    }
    case 'secret': {
      const attacker = cluster.node(0);
      cluster.corrupt(attacker, {
        name: 'works in secret',
        send: (_peer, message, lane, forward) => forward(message, lane),
      });
      divide(cluster, (name) => (name === attacker.name ? 1 : 0), attack);
      for (const witness of cluster.nodes.slice(-WITNESSES)) switchOff(cluster, witness, attack);
      return;
    }
    default:
      unreachable(attack);
  }
}
