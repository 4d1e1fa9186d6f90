import type { ClaimedOrigin, Consensus } from '../consensus/engine.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import { type BlockEnvironment, type BlockOrigin, environmentAfter } from '../ledger/environment.ts';
import type { Header } from '../primitives/header.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { WorldState } from '../state/world-state.ts';
import { validatorsAfterState } from './validators.ts';

/** What the environment of a block follows from, beside its branch. */
export interface EnvironmentRules {
  readonly spec: ChainSpec;
  readonly chainId: Hash;
  readonly consensus: Consensus;
  /** Checks the signatures of evidence and certificates. SIGNATURES_CHECKED for blocks that were executed before. */
  readonly verifySeal: VerifySignature;
}

/**
 * The environment of a block: what its header says, what the consensus makes of its seal, and who reads the evidence
 * and certificates that it holds. Everything follows from the block and its branch, so whoever makes a block, executes
 * it or verifies it later is given the same.
 *
 * @param state - after the parent
 * @param origin - of a block whose turn and claim are in order
 */
export function blockEnvironment(
  rules: EnvironmentRules,
  state: WorldState,
  parent: Header,
  origin: ClaimedOrigin,
): BlockEnvironment {
  const { spec, consensus } = rules;
  const validators = validatorsAfterState(spec.consensus, state);
  const facts = consensus.production.facts(origin, parent, validators);
  return { ...openEnvironment(rules, state, parent, origin), ...facts };
}

/** The part of {@link blockEnvironment} that is known before anybody has claimed the turn: what the pool goes by. */
export function openEnvironment(
  { spec, chainId, consensus, verifySeal }: EnvironmentRules,
  state: WorldState,
  parent: Header,
  origin: BlockOrigin,
): BlockEnvironment {
  const validators = validatorsAfterState(spec.consensus, state);
  const judge = consensus.judge({ chainId, validators, verify: verifySeal });
  return { ...environmentAfter(spec, chainId, parent, origin), judge };
}
