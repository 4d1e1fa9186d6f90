import { devAuthority } from '@calin/client/keys/dev-accounts.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { PRESETS, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import { chooseDevSpec } from '../dev-network.ts';

/** What a local network is made of. */
export interface ClusterShape {
  readonly nodes: number;
  readonly consensus: PresetName;
  /** Who votes where the consensus leaves that open: stake, or authorities. */
  readonly validators?: 'stake' | 'authorities';
  /** Length of a slot, or how far apart blocks should be where there are no slots. */
  readonly blockMs: number;
}

/** Most nodes of a local network: each is a process of its own. */
export const CLUSTER_NODES_MAX = 32;

/** Hashes a second of all miners together, roughly: a machine's cores are also busy with the nodes. */
const HASHES_A_SECOND = 4_000_000;

/** The difficulty follows within minutes: the first guess is wrong on most machines. */
const HALF_LIFE_MS = 60_000;

/**
 * The chain of a local network: a development chain with ten funded accounts, whose blocks every node makes, as an
 * authority, by work, or with as much stake as each of the others. Refuses what the consensus does not go with.
 */
export function createClusterSpec(
  { nodes, blockMs, ...consensus }: ClusterShape,
  genesisTimeMs: number,
): Result<ChainSpec> {
  assert(nodes >= 1 && nodes <= CLUSTER_NODES_MAX, `${nodes} nodes`);
  const others = Array.from({ length: nodes - 1 }, (_, i) => devAuthority(i + 1).publicKey);
  const initialDifficulty = Math.max(1, Math.round((HASHES_A_SECOND * blockMs) / 1000));
  const work = { initialDifficulty, halfLifeMs: HALF_LIFE_MS };
  return chooseDevSpec(genesisTimeMs, { ...consensus, name: 'calin-cluster', others, blockMs, work });
}

/** The account that makes the blocks of a node, or has stake. */
export function clusterProducer({ consensus }: ClusterShape, index: number): string {
  // Where nobody votes, whoever mines may as well be somebody with coins.
  const { production, needsValidators } = PRESETS[consensus];
  if (production.kind === 'pow' && !needsValidators) return `dev${index % 10}`;
  return index === 0 ? 'dev-authority' : `dev-authority-${index}`;
}
