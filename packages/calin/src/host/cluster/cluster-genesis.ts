import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { formatGenesisFile, parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { devAuthority } from '../dev-accounts.ts';
import { createDevSpec } from '../dev-network.ts';

/** What a local network is made of. */
export interface ClusterShape {
  readonly nodes: number;
  readonly consensus: 'poa' | 'pow';
  /** Length of a slot, or how far apart blocks should be where they take work. */
  readonly blockMs: number;
}

/** Most nodes of a local network: each is a process of its own. */
export const CLUSTER_NODES_MAX = 32;

/** Hashes a second of all miners together, roughly: a machine's cores are also busy with the nodes. */
const HASHES_A_SECOND = 4_000_000;

/** The difficulty follows within minutes: the first guess is wrong on most machines. */
const HALF_LIFE_MS = 60_000;

/**
 * The chain of a local network: a development chain with ten funded accounts, whose blocks every node makes, in turn
 * as an authority or by work.
 */
export function createClusterSpec(
  { nodes, consensus, blockMs }: ClusterShape,
  genesisTimeMs: number,
): ChainSpec {
  assert(nodes >= 1 && nodes <= CLUSTER_NODES_MAX, `${nodes} nodes`);
  const authorities = Array.from({ length: nodes }, (_, i) => toHex(devAuthority(i).publicKey));
  const initialDifficulty = Math.max(1, Math.round((HASHES_A_SECOND * blockMs) / 1000));
  const production =
    consensus === 'poa'
      ? { kind: 'poa' as const, authorities, slotMs: blockMs }
      : { kind: 'pow' as const, initialDifficulty, blockMs, halfLifeMs: HALF_LIFE_MS };
  const example = formatGenesisFile(createDevSpec(genesisTimeMs));
  const { finality } = example.consensus;
  const spec = parseGenesisFile({ ...example, name: 'calin-cluster', consensus: { production, finality } });
  assert(spec.ok, spec.ok ? '' : `${spec.error.message} ${String(spec.error.evidence['path'])}`);
  return spec.value;
}

/** The account that makes the blocks of a node. */
export function clusterProducer({ consensus }: ClusterShape, index: number): string {
  if (consensus === 'pow') return `dev${index % 10}`;
  return index === 0 ? 'dev-authority' : `dev-authority-${index}`;
}
