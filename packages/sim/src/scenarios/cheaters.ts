import { assert } from '@calin/core/base/assert.ts';
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

/** What some makers of blocks, or validators, do otherwise than the protocol says. */
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
}

/** The most that may cheat where fewer than a third may. */
export function cheatersMax(makers: number): number {
  return Math.floor((makers - 1) / 3);
}

/** Chooses how each of the last makers cheats; what it may depends on what there is to cheat with. */
export function chooseCheaters(options: CheaterOptions): Cheaters {
  const { consensus } = options;
  if (consensus === 'pow') return { twins: [], corrupt: (cluster) => holdBack(cluster, 0, 10 * S) };
  if (!PRESETS[consensus].needsValidators)
    return { twins: [], corrupt: (cluster) => cheatInTurns(cluster, options) };
  return chooseAmongValidators(options);
}

/** A maker keeps its blocks back. */
export function holdBack(cluster: Cluster, maker: number, holdUs: number): void {
  const node = cluster.node(maker);
  cluster.corrupt(node, new Withholder({ producer: simKey(maker).address, holdUs }, node.agenda));
}

/** Makers run on two machines each: the last ones of both kinds of nodes, in order. */
function corruptTwins(cluster: Cluster, twins: readonly number[]): void {
  const first = cluster.nodes.length - twins.length;
  twins.forEach((maker, i) => {
    cluster.corrupt(cluster.node(maker), new Twin());
    cluster.corrupt(cluster.node(first + i), new Twin());
  });
}

/** Authorities make two blocks in their slots, or keep them back. */
function cheatInTurns(cluster: Cluster, { makers, cheaters }: CheaterOptions): void {
  const dice = cluster.world.dice('cheaters');
  for (let i = makers - cheaters; i < makers; i++) {
    const node = cluster.node(i);
    const equivocates = dice.oneIn(2);
    const holdUs = dice.between(1, 8) * S;
    if (equivocates) cluster.corrupt(node, new Equivocator(node, simKey(i)));
    else holdBack(cluster, i, holdUs);
  }
}

/** Validators have twins, are silent, vote late, or keep their blocks back. */
function chooseAmongValidators({ seed, nodes, makers, cheaters }: CheaterOptions): Cheaters {
  assert(cheaters <= makers, 'some of the makers cheat');
  const dice = new Dice(seedFor(seed, 'cheaters'));
  const ways = Array.from({ length: cheaters }, (_, i) => {
    const way = dice.choose(['twin', 'silent', 'late', 'withholds'] as const);
    return { maker: makers - cheaters + i, way, holdUs: dice.between(1, 8) * S };
  });
  // Their second machines are nodes that would only have followed.
  const twins = ways.flatMap(({ maker, way }) => (way === 'twin' ? [maker] : [])).slice(0, nodes - makers);
  return {
    twins,
    corrupt(cluster) {
      corruptTwins(cluster, twins);
      for (const { maker, way, holdUs } of ways) {
        const node = cluster.node(maker);
        if (way === 'silent') cluster.corrupt(node, new Silent());
        else if (way === 'late') cluster.corrupt(node, new LateVoter(holdUs, node.agenda));
        else if (!twins.includes(maker)) holdBack(cluster, maker, holdUs);
      }
    },
  };
}
