import { unreachable } from '../base/assert.ts';
import type { ConsensusSpec, FinalitySpec, ProductionSpec } from '../spec/chain-spec.ts';
import { createDepth } from './depth/create-depth.ts';
import type { Consensus, Finality, Production } from './engine.ts';
import { createPoa } from './poa/create-poa.ts';

/** The consensus that a spec chose. Holds no state: one may serve many chains of the same spec. */
export function createConsensus(spec: ConsensusSpec): Consensus {
  return { production: createProduction(spec.production), finality: createFinality(spec.finality) };
}

function createProduction(spec: ProductionSpec): Production {
  if (spec.kind === 'poa') return createPoa(spec);
  return unreachable(spec.kind);
}

function createFinality(spec: FinalitySpec): Finality {
  if (spec.kind === 'depth') return createDepth(spec);
  return unreachable(spec.kind);
}
