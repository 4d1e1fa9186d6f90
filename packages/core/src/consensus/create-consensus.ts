import { assert, unreachable } from '../base/assert.ts';
import { type ChainSpec, type FinalitySpec, specHash } from '../spec/chain-spec.ts';
import { createJudge } from './create-judge.ts';
import { createDepth } from './depth/create-depth.ts';
import { createDpos } from './dpos/create-dpos.ts';
import type { Consensus, Finality, Production } from './engine.ts';
import { createLeader } from './leader/create-leader.ts';
import { createPoa, createPoaOfEpochs } from './poa/create-poa.ts';
import { createPos } from './pos/create-pos.ts';
import { createPow } from './pow/create-pow.ts';
import type { ValidatorChain } from './seals/validator-chain.ts';
import { VotesEngine } from './votes/votes-engine.ts';
import { VotesEachEngine } from './votes-each/votes-each-engine.ts';

/**
 * The consensus that a spec chose. Holds no state: one may serve many chains of the same spec.
 *
 * @throws AssertionError when the spec was not checked: a production without the validators it needs
 */
export function createConsensus(spec: ChainSpec): Consensus {
  const { finality, validators } = spec.consensus;
  const production = createProduction(spec);
  return {
    production,
    finality: createFinality(finality),
    judge(context) {
      if (validators === undefined) return undefined;
      const { epochBlocks } = validators;
      return createJudge(production.signedTurns, finality, { ...context, epochBlocks });
    },
  };
}

function createProduction(spec: ChainSpec): Production {
  const { production } = spec.consensus;
  switch (production.kind) {
    case 'poa':
      return production.authorities.length > 0
        ? createPoa(production)
        : createPoaOfEpochs(production, validatorChain(spec));
    case 'pow':
      return createPow(production, spec.genesisTimeMs);
    case 'pos':
      return createPos(production, validatorChain(spec));
    case 'dpos':
      return createDpos(production, validatorChain(spec));
    case 'leader':
      return createLeader(validatorChain(spec));
    default:
      return unreachable(production);
  }
}

function validatorChain(spec: ChainSpec): ValidatorChain {
  const { validators, production } = spec.consensus;
  assert(validators !== undefined, `${production.kind} without validators`);
  return { epochBlocks: validators.epochBlocks, origin: specHash(spec) };
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
