import { AssertionError, unreachable } from '../base/assert.ts';
import type { ChainSpec, ConsensusSpec, FinalitySpec } from '../spec/chain-spec.ts';
import { createDepth } from './depth/create-depth.ts';
import type { Consensus, Finality, JudgeContext, Production } from './engine.ts';
import { createPoa } from './poa/create-poa.ts';
import { createPow } from './pow/create-pow.ts';
import { createVotesJudge } from './votes/judge.ts';
import { VotesEngine } from './votes/votes-engine.ts';
import { createVotesEachJudge } from './votes-each/judge.ts';
import { VotesEachEngine } from './votes-each/votes-each-engine.ts';

/** The consensus that a spec chose. Holds no state: one may serve many chains of the same spec. */
export function createConsensus({
  consensus,
  genesisTimeMs,
}: Pick<ChainSpec, 'consensus' | 'genesisTimeMs'>): Consensus {
  const { finality, validators } = consensus;
  return {
    production: createProduction(consensus, genesisTimeMs),
    finality: createFinality(finality),
    judge(context) {
      return validators === undefined
        ? undefined
        : createJudge(finality, { ...context, epochBlocks: validators.epochBlocks });
    },
  };
}

function createProduction({ production }: ConsensusSpec, genesisTimeMs: number): Production {
  switch (production.kind) {
    case 'poa':
      return createPoa(production);
    case 'pow':
      return createPow(production, genesisTimeMs);
    default:
      throw new AssertionError(`a spec that was checked has no ${production.kind}`);
  }
}

function createFinality(spec: FinalitySpec): Finality {
  switch (spec.kind) {
    case 'depth':
      return createDepth(spec);
    case 'votes':
      return {
        ...BY_VOTES,
        kind: spec.kind,
        createEngine: (dependencies) => new VotesEngine(spec, dependencies),
      };
    case 'votes-each':
      return {
        ...BY_VOTES,
        kind: spec.kind,
        createEngine: (dependencies) => new VotesEachEngine(spec, dependencies),
      };
    default:
      return unreachable(spec);
  }
}

/** What no branch can say of itself. */
const BY_VOTES = { finalHeight: () => 0 } as const;

function createJudge(finality: FinalitySpec, context: JudgeContext & { readonly epochBlocks: number }) {
  switch (finality.kind) {
    case 'depth':
      return undefined;
    case 'votes':
      return createVotesJudge(context);
    case 'votes-each':
      return createVotesEachJudge(context);
    default:
      return unreachable(finality);
  }
}
