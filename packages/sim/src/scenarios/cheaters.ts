import { assert, unreachable } from '@calin/core/base/assert.ts';
import { PRESETS, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import { Equivocator } from '../byzantine/equivocator.ts';
import { LateVoter } from '../byzantine/late-voter.ts';
import { Silent } from '../byzantine/silent.ts';
import { Twin } from '../byzantine/twin.ts';
import { Withholder } from '../byzantine/withholder.ts';
import type { Cluster } from '../cluster.ts';
import { Dice, seedFor } from '../dice.ts';
import { simKey } from '../keys.ts';

const S = 1_000_000;

/** What makers of blocks and validators may do that the protocol does not allow. */
export const CHEATS = ['equivocate', 'withhold', 'silent', 'late'] as const;

/** One of {@link CHEATS}. */
export type Cheat = (typeof CHEATS)[number];

/** Makers that cheat, before there is a cluster. */
export interface Cheaters {
  /** Makers whose keys run on the last nodes too; see ClusterOptions. */
  readonly twins: readonly number[];
  /** Lets them cheat. */
  corrupt(cluster: Cluster): void;
}

/** Whom to choose among. */
export interface CheaterOptions {
  readonly seed: Uint8Array;
  readonly consensus: PresetName;
  readonly nodes: number;
  /** Nodes that make blocks or vote: the first ones. */
  readonly makers: number;
  /** So many of them cheat, the last ones. */
  readonly cheaters: number;
  /** What all of them do, as far as the consensus gives the chance; drawn for each of them when left out. */
  readonly does?: Cheat | undefined;
}

/** The most that may cheat where fewer than a third may. */
export function cheatersMax(makers: number): number {
  return Math.floor((makers - 1) / 3);
}

/** Chooses how each of the last makers cheats. */
export function chooseCheaters(options: CheaterOptions): Cheaters {
  const { seed, consensus, nodes, makers, cheaters, does } = options;
  assert(cheaters <= makers, 'some of the makers cheat');
  const dice = new Dice(seedFor(seed, 'cheaters'));
  const possible = possibleCheats(consensus);
  const chosen = Array.from({ length: cheaters }, (_, i) => {
    const drawn = does === undefined || !possible.includes(does) ? dice.choose(possible) : does;
    return { maker: makers - cheaters + i, cheat: drawn, holdUs: dice.between(1, 8) * S };
  });
  // Where validators cheat by a second machine, it is one that would only have followed.
  const doubled = chosen.filter(({ cheat }) => cheat === 'equivocate' && PRESETS[consensus].needsValidators);
  const twins = doubled.map(({ maker }) => maker).slice(0, nodes - makers);
  return {
    twins,
    corrupt(cluster) {
      for (const { maker, cheat, holdUs } of chosen) {
        if (twins.includes(maker)) cluster.corrupt(cluster.node(maker), new Twin());
        else if (doubled.some((one) => one.maker === maker)) holdBack(cluster, maker, holdUs);
        else corruptOne(cluster, maker, cheat, holdUs);
      }
      const first = cluster.nodes.length - twins.length;
      for (let i = first; i < cluster.nodes.length; i++) cluster.corrupt(cluster.node(i), new Twin());
    },
  };
}

/** A maker keeps its blocks back. */
export function holdBack(cluster: Cluster, maker: number, holdUs: number): void {
  const node = cluster.node(maker);
  cluster.corrupt(node, new Withholder({ producer: simKey(maker).address, holdUs }, node.agenda));
}

/** Work cannot be done twice, and only who votes can be silent. */
function possibleCheats(consensus: PresetName): readonly [Cheat, ...Cheat[]] {
  if (consensus === 'pow') return ['withhold'];
  return PRESETS[consensus].finality.kind === 'depth' ? ['equivocate', 'withhold'] : CHEATS;
}

function corruptOne(cluster: Cluster, maker: number, cheat: Cheat, holdUs: number): void {
  const node = cluster.node(maker);
  switch (cheat) {
    case 'equivocate':
      return cluster.corrupt(node, new Equivocator(node, simKey(maker)));
    case 'withhold':
      return holdBack(cluster, maker, holdUs);
    case 'silent':
      return cluster.corrupt(node, new Silent());
    case 'late':
      return cluster.corrupt(node, new LateVoter(holdUs, node.agenda));
    default:
      return unreachable(cheat);
  }
}
