import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { HeaderContext } from '../consensus/engine.ts';
import type { Header } from '../primitives/header.ts';
import {
  epochOfHeight,
  NO_VALIDATORS,
  type ValidatorSet,
  type ValidatorView,
} from '../primitives/validator-set.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { type Bodies, bestStateOf, executeTo, type FailedBranch, NO_BODIES } from './execute.ts';
import { refuseChain } from './rules.ts';
import { decidedAt, needsValidators, validatorSetIn } from './validators.ts';

/** The sets for the block after one of the tree; see {@link Chain.validatorsAfter}. */
export function validatorsAfter(parts: ChainParts, node: BlockNode): ValidatorView {
  if (parts.options.spec.consensus.validators === undefined) return NO_VALIDATORS;
  return {
    at(epoch) {
      const set = setAfter(parts, node, epoch, NO_BODIES);
      return set.ok ? set.value : undefined;
    },
  };
}

/**
 * What a header is checked with. Refuses by `chain/validators-unknown` when the set of its epoch is decided by a block
 * that is not here yet.
 *
 * @param bodies - of blocks of the tree that are not in the store yet
 */
export function headerContext(
  parts: ChainParts,
  { height, parent }: Pick<Header, 'height' | 'parent'>,
  bodies: Bodies,
): Result<HeaderContext, FailedBranch> {
  const { spec } = parts.options;
  const { validators: source } = spec.consensus;
  const verify = parts.verifySeal;
  if (source === undefined || !needsValidators(spec.consensus))
    return ok({ verify, validators: NO_VALIDATORS });
  const epoch = epochOfHeight(height, source.epochBlocks);
  const decided = decidedAt(epoch, source.epochBlocks);
  const base = parts.tree.find(parent) ?? parts.checkedHeaders.baseOf(parent, parts.tree, decided);
  if (base === undefined || base.height < decided) {
    const failure = refuseChain('chain/validators-unknown', {
      epoch,
      got: base?.height ?? 0,
      expected: decided,
    });
    return failed(undefined, failure);
  }
  const known = setAfter(parts, base, epoch, bodies);
  if (!known.ok) return known;
  const { value: set } = known;
  if (set === undefined) return failed(undefined, refuseChain('chain/validators-unknown', { epoch }));
  const others = validatorsAfter(parts, base);
  return ok({ verify, validators: { at: (other) => (other === epoch ? set : others.at(other)) } });
}

/**
 * The set of an epoch on the branch that ends with a block; undefined when that branch has not decided it yet, or it is
 * too long ago. Any state of the branch will do that holds it, so one has to be made only where none is kept.
 */
function setAfter(
  parts: ChainParts,
  tip: BlockNode,
  epoch: number,
  bodies: Bodies,
): Result<ValidatorSet | undefined, FailedBranch> {
  const { validators } = parts.options.spec.consensus;
  const decided = validators === undefined ? Infinity : decidedAt(epoch, validators.epochBlocks);
  if (decided > tip.height) return ok(undefined);
  const { fork, branch } = parts.tree.branchOf(tip);
  if (decided <= fork.height) return bestSet(parts, fork, epoch);
  const after = branch.slice(decided - fork.height - 1);
  const [decision] = after as [BlockNode, ...BlockNode[]];
  const remembered = parts.decidedSets.get(decision.id, epoch) ?? keptSet(parts, after, epoch);
  if (remembered !== undefined) return ok(remembered);
  const state = executeTo(parts, decision, bodies);
  if (!state.ok) return state;
  return ok(remember(parts, decision, validatorSetIn(state.value, epoch)));
}

/** The same for a block of the best branch. The head knows it too, unless it has forgotten it meanwhile. */
function bestSet(
  parts: ChainParts,
  tip: BlockNode,
  epoch: number,
): Result<ValidatorSet | undefined, FailedBranch> {
  const known = validatorSetIn(parts.headState, epoch) ?? parts.decidedSets.get(tip.id, epoch);
  if (known !== undefined) return ok(known);
  const state = bestStateOf(parts, tip);
  return state.ok ? ok(remember(parts, tip, validatorSetIn(state.value, epoch))) : failed(undefined, state);
}

function keptSet(parts: ChainParts, nodes: readonly BlockNode[], epoch: number): ValidatorSet | undefined {
  for (const { id } of nodes) {
    const state = parts.states.get(id);
    const set = state === undefined ? undefined : validatorSetIn(state, epoch);
    if (set !== undefined) return set;
  }
  return undefined;
}

function remember(
  parts: ChainParts,
  { id }: BlockNode,
  set: ValidatorSet | undefined,
): ValidatorSet | undefined {
  if (set !== undefined) parts.decidedSets.add(id, set);
  return set;
}

function failed(node: BlockNode | undefined, failure: Failure): Failure<FailedBranch> {
  return { ok: false, error: { node, failure } };
}
