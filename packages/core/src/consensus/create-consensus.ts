import { unreachable } from '../base/assert.ts';
import type { ChainSpec, FinalitySpec, ProductionSpec } from '../spec/chain-spec.ts';
import { createDepth } from './depth/create-depth.ts';
import type { Consensus, Finality, Production } from './engine.ts';
import { createPoa } from './poa/create-poa.ts';
import { createPow } from './pow/create-pow.ts';

/** The consensus that a spec chose. Holds no state: one may serve many chains of the same spec. */
export function createConsensus({
  consensus,
  genesisTimeMs,
}: Pick<ChainSpec, 'consensus' | 'genesisTimeMs'>): Consensus {
  const { production, finality } = consensus;
  return { production: createProduction(production, genesisTimeMs), finality: createFinality(finality) };
}

function createProduction(spec: ProductionSpec, genesisTimeMs: number): Production {
  switch (spec.kind) {
    case 'poa':
      return createPoa(spec);
    case 'pow':
      return createPow(spec, genesisTimeMs);
    default:
      return unreachable(spec);
  }
}

function createFinality(spec: FinalitySpec): Finality {
  if (spec.kind === 'depth') return createDepth(spec);
  return unreachable(spec.kind);
}
